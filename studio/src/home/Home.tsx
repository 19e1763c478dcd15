import { FilePlus2, FolderPlus } from "lucide-react";
import { useCallback, useState } from "react";
import { drafts, flows, project } from "../api/daemon";
import { useAsked } from "../app/useAsked";
import { useTexts } from "../i18n";
import { Button } from "../ui/Button";
import { Failure } from "../ui/Failure";
import { FlowRow } from "./FlowRow";
import { LeftOut } from "./LeftOut";
import { interfaces } from "./interfaces";
import { NewInterface } from "./NewInterface";
import { NewProject } from "./NewProject";
import "./home.css";

/** The project: its interfaces, and what is being edited. */
export default function Home() {
  const { t } = useTexts();
  const ask = useCallback(async () => {
    const [about, served, edited] = await Promise.all([project(), flows(), drafts()]);
    return { about, served, edited };
  }, []);
  const { value, error, isLoading, again } = useAsked(ask);
  const [dialog, setDialog] = useState<"interface" | "project" | null>(null);
  const [search, setSearch] = useState("");
  const all = value ? interfaces(value.served.flows, value.edited) : [];
  const found = all.filter(({ id, title }) => `${id} ${title}`.toLowerCase().includes(search.toLowerCase()));
  return (
    <main className="page" id="content">
      <header className="page-head">
        <div>
          <h1>{value?.about.project ?? t("home.title")}</h1>
          <p className="soft">{t("home.lead")}</p>
        </div>
        <div className="page-tools">
          <Button icon={<FolderPlus />} onClick={() => setDialog("project")}>
            {t("home.newProject")}
          </Button>
          <Button
            look="main"
            icon={<FilePlus2 />}
            onClick={() => setDialog("interface")}
            disabled={!value || value.about.empty}
          >
            {t("home.newInterface")}
          </Button>
        </div>
      </header>
      {error && <Failure error={error} onAgain={again} />}
      {isLoading && <p>{t("app.loading")}</p>}
      {value?.about.empty && (
        <section className="empty">
          <h2>{t("home.emptyFolder")}</h2>
          <p>{t("home.emptyFolderHelp")}</p>
          <Button look="main" icon={<FolderPlus />} onClick={() => setDialog("project")}>
            {t("home.makeProject")}
          </Button>
        </section>
      )}
      {value && !value.about.empty && all.length === 0 && (
        <section className="empty">
          <h2>{t("home.noInterfaces")}</h2>
          <p>{t("home.noInterfacesHelp")}</p>
          <Button look="main" icon={<FilePlus2 />} onClick={() => setDialog("interface")}>
            {t("home.newInterface")}
          </Button>
        </section>
      )}
      {all.length > 6 && (
        <input
          className="input"
          type="search"
          aria-label={t("home.search")}
          placeholder={t("home.search")}
          value={search}
          onChange={({ target }) => setSearch(target.value)}
        />
      )}
      <ul className="flows">
        {found.map((it) => (
          <FlowRow key={it.id} {...it} />
        ))}
      </ul>
      {value && <LeftOut unusable={value.about.unusable} />}
      {dialog === "interface" && <NewInterface taken={all.map(({ id }) => id)} onClose={() => setDialog(null)} />}
      {dialog === "project" && (
        <NewProject
          canMake={value?.about.empty ?? false}
          onMade={() => {
            setDialog(null);
            again();
          }}
          onClose={() => setDialog(null)}
        />
      )}
    </main>
  );
}
