import { useState } from "react";
import { makeProject } from "../api/daemon";
import { useTexts } from "../i18n";
import { Button } from "../ui/Button";
import { Code } from "../ui/Code";
import { Dialog } from "../ui/Dialog";
import { TextField } from "../ui/TextField";

interface Properties {
  /** The folder that is served is empty. */
  canMake: boolean;
  onMade: () => void;
  onClose: () => void;
}

/** Makes a project of the empty folder that is served; of another folder another daemon does. */
export function NewProject({ canMake, onMade, onClose }: Properties) {
  const { t } = useTexts();
  const [name, setName] = useState("");
  const [error, setError] = useState<Error | null>(null);
  const make = () => makeProject(name).then(onMade, setError);
  return (
    <Dialog
      title={t("home.newProject")}
      onClose={onClose}
      actions={
        canMake && (
          <Button look="main" onClick={() => void make()}>
            {t("home.makeProject")}
          </Button>
        )
      }
    >
      {canMake && (
        <TextField label={t("home.projectName")} hint={t("home.projectNameHint")} value={name} onChange={setName} />
      )}
      {error && (
        <p className="field-fault" role="alert">
          {t("app.failed", { reason: error.message })}
        </p>
      )}
      <p>{t(canMake ? "home.otherProject" : "home.anotherProject")}</p>
      <Code label={t("home.newProject")} text={"sandgate new shop\nsandgate serve shop --listen 127.0.0.1:0"} />
    </Dialog>
  );
}
