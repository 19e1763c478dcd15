import { Plus, X } from "lucide-react";
import { COMPARISONS, TESTS, writeCondition, type Comparison, type ConditionTree, type Group } from "../../document";
import { useTexts } from "../../i18n";
import { Button } from "../../ui/Button";
import type { Scope } from "../expression/completion";
import { without, withMember } from "./tree";
import "./condition.css";

interface Properties {
  tree: ConditionTree;
  scope: Scope;
  onChange: (condition: string) => void;
}

/** A condition as comparisons in groups. */
export function ConditionBuilder({ tree, scope, onChange }: Properties) {
  return <Part tree={tree} scope={scope} onChange={(now) => onChange(now ? writeCondition(now) : "true")} />;
}

interface PartProperties {
  tree: ConditionTree;
  scope: Scope;
  /** Null if nothing is left of it. */
  onChange: (tree: ConditionTree | null) => void;
}

function Part({ tree, scope, onChange }: PartProperties) {
  const { t } = useTexts();
  if (tree.kind === "comparison") {
    const more = (kind: Group["kind"]) => onChange({ kind, members: [tree, empty(scope)] });
    return (
      <div className="condition">
        <ComparisonRow comparison={tree} scope={scope} onChange={onChange} />
        <div className="condition-more">
          <Button look="bare" icon={<Plus />} onClick={() => more("and")}>
            {t("inspector.and")}
          </Button>
          <Button look="bare" icon={<Plus />} onClick={() => more("or")}>
            {t("inspector.or")}
          </Button>
        </div>
      </div>
    );
  }
  return (
    <fieldset className="condition-group">
      <legend>
        <select
          className="input"
          aria-label={t("inspector.groupKind")}
          value={tree.kind}
          onChange={({ target }) => onChange({ ...tree, kind: target.value as Group["kind"] })}
        >
          <option value="and">{t("inspector.allOf")}</option>
          <option value="or">{t("inspector.anyOf")}</option>
        </select>
      </legend>
      {tree.members.map((member, index) => (
        <div key={index} className="condition-member">
          {member.kind === "comparison" ? (
            <ComparisonRow
              comparison={member}
              scope={scope}
              onChange={(now) => onChange(withMember(tree, index, now))}
            />
          ) : (
            <Part
              tree={member}
              scope={scope}
              onChange={(now) => onChange(now ? withMember(tree, index, now) : without(tree, index))}
            />
          )}
          <Button
            look="bare"
            icon={<X />}
            aria-label={t("inspector.removeCondition")}
            onClick={() => onChange(without(tree, index))}
          />
        </div>
      ))}
      <div className="condition-more">
        <Button
          look="bare"
          icon={<Plus />}
          onClick={() => onChange({ ...tree, members: [...tree.members, empty(scope)] })}
        >
          {t("inspector.addCondition")}
        </Button>
        <Button
          look="bare"
          icon={<Plus />}
          onClick={() =>
            onChange({
              ...tree,
              members: [
                ...tree.members,
                { kind: tree.kind === "and" ? "or" : "and", members: [empty(scope), empty(scope)] },
              ],
            })
          }
        >
          {t("inspector.addGroup")}
        </Button>
      </div>
    </fieldset>
  );
}

function empty(scope: Scope): Comparison {
  const first = scope.names.find(
    ({ name, type }) => type !== "map" && !name.startsWith("run.") && !name.startsWith("session."),
  );
  return { kind: "comparison", left: first?.name ?? "input", operator: "==", right: "0" };
}

const VARIABLES = "condition-variables";

function ComparisonRow({
  comparison,
  scope,
  onChange,
}: {
  comparison: Comparison;
  scope: Scope;
  onChange: (now: Comparison) => void;
}) {
  const { t } = useTexts();
  const { left, operator, right } = comparison;
  return (
    <div className="condition-row">
      <input
        className="input"
        list={VARIABLES}
        aria-label={t("inspector.variable")}
        spellCheck={false}
        value={left}
        onChange={({ target }) => onChange({ ...comparison, left: target.value || "input" })}
      />
      <datalist id={VARIABLES}>
        {scope.names.map(({ name, type }) => (
          <option key={name} value={name}>
            {type}
          </option>
        ))}
      </datalist>
      <select
        className="input"
        aria-label={t("inspector.operator")}
        value={operator}
        onChange={({ target }) => onChange({ ...comparison, operator: target.value as Comparison["operator"] })}
      >
        {[...COMPARISONS, ...TESTS].map((it) => (
          <option key={it} value={it}>
            {it}
          </option>
        ))}
      </select>
      <input
        className="input"
        aria-label={t("inspector.value")}
        spellCheck={false}
        value={right}
        onChange={({ target }) => onChange({ ...comparison, right: target.value || "null" })}
      />
    </div>
  );
}
