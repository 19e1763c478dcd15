import type { ComponentFunction } from "../api/types";
import { useTexts } from "../i18n";

/** A function: what it is given, returns, and how it fails. */
export function FunctionView({ called, name }: { called: ComponentFunction; name: string }) {
  const { t } = useTexts();
  const { docs, parameters, result, error, interface: of } = called;
  return (
    <section className="function" aria-label={name}>
      <h3>
        <code>{name}</code>
      </h3>
      {docs && <p>{docs}</p>}
      {parameters.length > 0 && (
        <table>
          <thead>
            <tr>
              <th scope="col">{t("home.parameter")}</th>
              <th scope="col">{t("home.type")}</th>
              <th scope="col">{t("inspector.word.default")}</th>
              <th scope="col">{t("inspector.description")}</th>
            </tr>
          </thead>
          <tbody>
            {parameters.map((it) => (
              <tr key={it.name}>
                <th scope="row">
                  <code>{it.name}</code>
                </th>
                <td>
                  <code>{it.type}</code>
                </td>
                <td>{it.default !== null && <code>{JSON.stringify(it.default)}</code>}</td>
                <td>{it.docs}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      <p className="soft">
        {t("home.returns")} <code>{result?.type ?? t("home.nothing")}</code>
        {error && (
          <>
            {" · "}
            {t("home.failsWith")} <code>{error.type ?? t("home.anError")}</code>
          </>
        )}
        {" · "}
        <code>{of}</code>
      </p>
    </section>
  );
}
