import {
  BetweenVerticalStart,
  CircleAlert,
  CircleCheck,
  FlaskConical,
  Keyboard,
  LayoutGrid,
  Play,
  Redo2,
  Rocket,
  TriangleAlert,
  Undo2,
} from "lucide-react";
import { Link } from "wouter";
import { useTexts } from "../i18n";
import { Button } from "../ui/Button";
import { Segments } from "../ui/Segments";
import { SaveState } from "./SaveState";
import type { Edited } from "./store";

export type View = "graph" | "split" | "text";
export type Drawer = "problems" | "cases" | "try";

interface Properties {
  edited: Edited;
  title: string;
  errors: number;
  warnings: number;
  view: View;
  drawer: Drawer | null;
  onView: (view: View) => void;
  onDrawer: (drawer: Drawer | null) => void;
  onUndo: () => void;
  onRedo: () => void;
  onArrange: () => void;
  onHelp: () => void;
  onPublish: () => void;
}

/** What can be done with the flow as a whole. */
export function EditorBar({ edited, title, errors, warnings, view, drawer, ...on }: Properties) {
  const { t } = useTexts();
  const toggle = (which: Drawer) => on.onDrawer(drawer === which ? null : which);
  return (
    <div className="editor-bar">
      <div className="editor-names">
        <h1>{title}</h1>
        <SaveState saved={edited.saved} isDraft={edited.tag !== null} />
      </div>
      <div className="editor-tools" role="toolbar" aria-label={t("editor.tools")}>
        <Button
          look="bare"
          aria-label={t("editor.undo")}
          icon={<Undo2 />}
          disabled={!edited.canUndo}
          onClick={on.onUndo}
        />
        <Button
          look="bare"
          aria-label={t("editor.redo")}
          icon={<Redo2 />}
          disabled={!edited.canRedo}
          onClick={on.onRedo}
        />
        <Button look="bare" aria-label={t("editor.arrange")} icon={<LayoutGrid />} onClick={on.onArrange} />
        <Button look="bare" aria-label={t("editor.keys")} icon={<Keyboard />} onClick={on.onHelp} />
        <Views view={view} onView={on.onView} />
      </div>
      <div className="editor-tools">
        <CheckButton {...{ errors, warnings }} isOpen={drawer === "problems"} onPress={() => toggle("problems")} />
        <Button icon={<FlaskConical />} aria-pressed={drawer === "cases"} onClick={() => toggle("cases")}>
          {t("editor.cases")}
        </Button>
        <Button icon={<Play />} aria-pressed={drawer === "try"} onClick={() => toggle("try")}>
          {t("editor.try")}
        </Button>
        <Link className="button button-bare" href={`/flows/${edited.flow}/versions`}>
          {t("editor.versions")}
        </Link>
        <Link className="button button-bare" href={`/flows/${edited.flow}/integration`}>
          <BetweenVerticalStart aria-hidden="true" />
          {t("editor.integration")}
        </Link>
        <Button look="main" icon={<Rocket />} onClick={on.onPublish} disabled={edited.saved.state === "conflict"}>
          {t("editor.publish")}
        </Button>
      </div>
    </div>
  );
}

function Views({ view, onView }: { view: View; onView: (view: View) => void }) {
  const { t } = useTexts();
  const views: View[] = ["graph", "split", "text"];
  const options = views.map((value) => ({ value, label: t(`editor.view.${value}`) }));
  return <Segments label={t("editor.view")} options={options} chosen={view} onChoose={onView} />;
}

function CheckButton(properties: { errors: number; warnings: number; isOpen: boolean; onPress: () => void }) {
  const { t } = useTexts();
  const { errors, warnings, isOpen, onPress } = properties;
  const icon =
    errors > 0 ? (
      <CircleAlert className="bad" />
    ) : warnings > 0 ? (
      <TriangleAlert className="warn" />
    ) : (
      <CircleCheck className="good" />
    );
  const text = errors + warnings === 0 ? t("editor.checks") : t("editor.problems", { count: errors + warnings });
  return (
    <Button icon={icon} aria-pressed={isOpen} onClick={onPress} data-errors={errors}>
      {text}
    </Button>
  );
}
