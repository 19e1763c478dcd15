import type { Unusable } from "../api/types";
import { useTexts } from "../i18n";

/** Files of the project that are left out, and why. */
export function LeftOut({ unusable }: { unusable: Unusable[] }) {
  const { t } = useTexts();
  if (unusable.length === 0) return null;
  return (
    <section className="unusable">
      <h2>{t("home.unusable")}</h2>
      <ul>
        {unusable.map(({ file, message }) => (
          <li key={file}>
            <code>{file}</code> {message}
          </li>
        ))}
      </ul>
    </section>
  );
}
