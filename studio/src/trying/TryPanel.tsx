import { Play, Square } from "lucide-react";
import { useEffect, useMemo, useState } from "react";
import { useStore } from "zustand";
import type { Activation, Json } from "../api/types";
import { Failed } from "../cases/Failed";
import { inputSchema } from "../cases/schema";
import { read, type NodeId } from "../document";
import type { EditorStore } from "../editor/store";
import { SchemaForm } from "../forms/SchemaForm";
import { useTexts } from "../i18n";
import { TimeLine } from "../runs/TimeLine";
import { TraceDetail } from "../runs/TraceDetail";
import { Badge } from "../ui/Badge";
import { Button } from "../ui/Button";
import { TextField } from "../ui/TextField";
import { createTrial } from "./trial";

interface Properties {
  flow: string;
  document: EditorStore;
  selection: NodeId[];
  onTrace: (trace: Activation[] | null) => void;
}

/** Runs the draft on the real clock, for nobody but this page. */
export function TryPanel({ flow, document, selection, onTrace }: Properties) {
  const { t } = useTexts();
  const { text } = useStore(document);
  const trial = useMemo(createTrial, []);
  const { state, entries, activations, end, failure } = useStore(trial);
  const [input, setInput] = useState<Json>({});
  const [message, setMessage] = useState("");
  const [client, setClient] = useState("");
  const { graph } = read(text);
  const isRaw = graph?.framing === "raw";
  useEffect(() => trial.stop, [trial]);
  useEffect(() => {
    if (state !== "idle") onTrace(activations);
  }, [state, activations, onTrace]);
  useEffect(() => () => onTrace(null), [onTrace]);
  const start = () => {
    const given = isRaw ? { message } : { input };
    void trial.start(flow, { document: text, ...given, ...(client && { client }) });
  };
  const last = entries.at(-1)?.atMs ?? 0;
  return (
    <div className="cases try">
      <div className="case-form">
        <p className="field-hint">{t("trying.help")}</p>
        {isRaw ? (
          <TextField label={t("cases.message")} value={message} onChange={setMessage} />
        ) : (
          <fieldset>
            <legend>{t("cases.input")}</legend>
            <SchemaForm prefix="try" schema={inputSchema(graph)} value={input} onChange={setInput} />
          </fieldset>
        )}
        <TextField label={t("cases.client")} hint={t("cases.clientHint")} value={client} onChange={setClient} />
        <div className="cases-tools">
          <Button look="main" icon={<Play />} onClick={start}>
            {t("trying.start")}
          </Button>
          <Button icon={<Square />} disabled={state !== "running"} onClick={trial.stop}>
            {t("trying.stop")}
          </Button>
        </div>
      </div>
      {failure ? (
        <Failed error={failure} />
      ) : (
        <div className="cases-result" aria-live="polite">
          {state === "running" && <Badge tone="info">{t("trying.running")}</Badge>}
          {end && (
            <Badge tone={end.status === "output" || end.status === "completed" ? "good" : "bad"}>
              {t(`runs.status.${end.status}`)}
            </Badge>
          )}
          {state === "ended" && !end && <Badge tone="warn">{t("trying.stopped")}</Badge>}
          {state === "idle" ? (
            <p className="cases-empty">{t("trying.idle")}</p>
          ) : (
            <TimeLine entries={entries} durationMs={last} />
          )}
        </div>
      )}
      <div className="cases-result">
        <TraceDetail
          activations={activations}
          selected={selection[0]}
          onSelect={(id) => document.select(id === null ? [] : [id])}
        />
      </div>
    </div>
  );
}
