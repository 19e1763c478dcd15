import { useState } from "react";
import type { Activation, HostCall } from "../api/types";
import { duration } from "../canvas/nodes/PassedBadge";
import { shown } from "../cases/expectation";
import type { NodeId } from "../document";
import { useTexts } from "../i18n";
import { Badge, type Tone } from "../ui/Badge";
import { JsonView } from "../ui/JsonView";
import "./trace.css";

interface Properties {
  activations: Activation[];
  /** Only those of this node. */
  selected?: NodeId;
  onSelect: (id: NodeId | null) => void;
}

const tones: Record<Activation["status"], Tone> = {
  waiting: "quiet",
  running: "info",
  returned: "good",
  failed: "bad",
  cancelled: "warn",
};

/** Every activation, and at a press all that it was given, asked, returned and cost. */
export function TraceDetail({ activations, selected, onSelect }: Properties) {
  const { t } = useTexts();
  const [open, setOpen] = useState<number | null>(null);
  const shownOnes = selected ? activations.filter(({ node }) => node === selected) : activations;
  if (activations.length === 0) return null;
  return (
    <section className="trace" aria-label={t("runs.trace")}>
      <header>
        <h3>{t("runs.trace")}</h3>
        {selected && (
          <button type="button" className="button button-bare" onClick={() => onSelect(null)}>
            {t("runs.allNodes")}
          </button>
        )}
      </header>
      <ol>
        {shownOnes.map((it) => (
          <li key={it.activation}>
            <button
              type="button"
              aria-expanded={open === it.activation}
              onClick={() => {
                setOpen(open === it.activation ? null : it.activation);
                onSelect(it.node);
              }}
            >
              <span className="trace-number">{it.activation}</span>
              <span className="trace-node">{it.node}</span>
              <span className="trace-result">{resultOf(it)}</span>
              <span className="trace-took">{it.duration_ms ? duration(it.duration_ms) : ""}</span>
              <Badge tone={tones[it.status]}>{t(`runs.activation.${it.status}`)}</Badge>
            </button>
            {open === it.activation && <Detail activation={it} />}
          </li>
        ))}
      </ol>
    </section>
  );
}

function resultOf({ result, failure }: Activation): string {
  if (failure) return failure;
  if (typeof result !== "object" || result === null || Array.isArray(result)) return "";
  if ("branches" in result) return `→ ${(result["branches"] as string[]).join(", ")}`;
  return shown(result["value"] ?? result["error"] ?? null);
}

function Detail({ activation }: { activation: Activation }) {
  const { t } = useTexts();
  const { given, calls, result, failure, cpu_us, memory_bytes, component, function: called } = activation;
  return (
    <dl className="trace-detail">
      <dt>{t("runs.called")}</dt>
      <dd>
        <code>{called ? `${component}.${called}` : component}</code>
      </dd>
      <dt>{t("runs.given")}</dt>
      <dd>
        <JsonView value={given} label={t("runs.given")} />
      </dd>
      {calls.length > 0 && (
        <>
          <dt>{t("runs.asked")}</dt>
          <dd>
            <ul>
              {calls.map((call, index) => (
                <li key={index}>
                  <code>{told(call)}</code>
                </li>
              ))}
            </ul>
          </dd>
        </>
      )}
      <dt>{t("runs.result")}</dt>
      <dd>
        {failure ? <p className="field-fault">{failure}</p> : <JsonView value={result} label={t("runs.result")} />}
      </dd>
      <dt>{t("runs.cost")}</dt>
      <dd>{t("runs.costs", { cpu: duration(cpu_us / 1000), memory: Math.ceil(memory_bytes / 1024) })}</dd>
    </dl>
  );
}

function told(call: HostCall): string {
  if ("refused" in call) return `${call.function}: ${call.refused}`;
  if ("until" in call) return `sleep until ${call.until.slice(11, 23)}`;
  if ("value" in call) return `output ${shown(call.value)}`;
  return `push to ${call.to}: ${shown(call.message)} (${call.sessions})`;
}
