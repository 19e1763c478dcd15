import { Plus, PlayCircle, Play, Trash2 } from "lucide-react";
import { useEffect, useMemo, useState } from "react";
import { useStore } from "zustand";
import type { Activation } from "../api/types";
import { addCase, read, readCases, removeCase, setCase, setExpect, type CaseView, type NodeId } from "../document";
import { SaveState } from "../editor/SaveState";
import type { EditorStore } from "../editor/store";
import { useTexts } from "../i18n";
import { Button } from "../ui/Button";
import { CaseForm } from "./CaseForm";
import { CaseResultView } from "./CaseResultView";
import { expectationOf } from "./expectation";
import { createRuns } from "./run";
import { StatusIcon } from "./StatusIcon";
import "./cases.css";

interface Properties {
  flow: string;
  document: EditorStore;
  cases: EditorStore;
  selection: NodeId[];
  onTrace: (trace: Activation[] | null) => void;
}

/** The cases of a flow: which there are, what one is, and what came of it. */
export function CasesPanel({ flow, document, cases, selection, onTrace }: Properties) {
  const { t } = useTexts();
  const { text, saved, tag } = useStore(cases);
  const runs = useMemo(createRuns, []);
  const { results, running, failure } = useStore(runs);
  const [chosen, setChosen] = useState(0);
  useEffect(() => runs.stop, [runs]);
  const { cases: all, faults } = readCases(text);
  const index = Math.min(chosen, all.length - 1);
  const current = all[index];
  const result = current && results.get(current.name);
  const trace = result?.activations ?? null;
  useEffect(() => {
    onTrace(trace);
    return () => onTrace(null);
  }, [trace, onTrace]);
  const { graph } = read(document.getState().text);
  const run = (names?: string[]) => {
    void runs.run(flow, { document: document.getState().text, cases: cases.getState().text, names });
  };
  const add = () => {
    const name = freeName(all, t("cases.newName"));
    cases.edit(addCase(text, { name, input: {} }));
    setChosen(all.length);
  };
  return (
    <div className="cases">
      <div className="cases-list">
        <div className="cases-tools">
          <Button icon={<Plus />} onClick={add}>
            {t("cases.add")}
          </Button>
          <Button icon={<PlayCircle />} onClick={() => run()} busy={running !== null} disabled={all.length === 0}>
            {running
              ? t("cases.running", { done: running.done, all: running.names?.length ?? all.length })
              : t("cases.runAll")}
          </Button>
        </div>
        {faults[0] && <p className="field-fault">{t("cases.unreadable", { reason: faults[0].message })}</p>}
        {all.length === 0 && !faults[0] && <p className="cases-empty">{t("cases.empty")}</p>}
        <ul>
          {all.map((it, place) => (
            <li key={place}>
              <button type="button" aria-current={place === index} onClick={() => setChosen(place)}>
                <StatusIcon status={results.get(it.name)?.status} />
                <span>{it.name}</span>
              </button>
            </li>
          ))}
        </ul>
        <SaveState saved={saved} isDraft={tag !== null} />
      </div>
      {current && (
        <div className="cases-one">
          <div className="cases-tools">
            <Button look="main" icon={<Play />} onClick={() => run([current.name])} busy={running !== null}>
              {t("cases.run")}
            </Button>
            <Button
              look="bare"
              icon={<Trash2 />}
              aria-label={t("cases.remove")}
              onClick={() => cases.edit(removeCase(text, index))}
            />
          </div>
          <CaseForm
            key={index}
            graph={graph}
            value={current}
            onChange={(value) => cases.edit(setCase(text, index, value), "case")}
          />
        </div>
      )}
      {current && (
        <CaseResultView
          result={result}
          failure={failure}
          selected={selection[0] ?? null}
          onSelect={(id) => document.select(id === null ? [] : [id])}
          onKeep={() => result && cases.edit(setExpect(text, index, expectationOf(result)))}
        />
      )}
    </div>
  );
}

function freeName(cases: CaseView[], wanted: string): string {
  const taken = new Set(cases.map(({ name }) => name));
  let number = 1;
  while (taken.has(`${wanted} ${number}`)) number += 1;
  return `${wanted} ${number}`;
}
