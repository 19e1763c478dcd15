import { Link } from "wouter";
import { useTexts } from "../i18n";

export function NotFound() {
  const { t } = useTexts();
  return (
    <main className="page" id="content">
      <h1>{t("app.notFound")}</h1>
      <p>{t("app.notFoundHelp")}</p>
      <p>
        <Link href="/">{t("app.home")}</Link>
      </p>
    </main>
  );
}
