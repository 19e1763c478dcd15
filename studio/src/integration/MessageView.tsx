import type { Json, Schema } from "../api/types";
import { useTexts } from "../i18n";
import { JsonView } from "../ui/JsonView";
import type { Described } from "./asyncapi";
import { rows } from "./rows";

/** A message: what it means, what is in it, and an example. */
export function MessageView({ message }: { message: Described }) {
  const { t } = useTexts();
  const { name, summary, payload, example, answers } = message;
  return (
    <details className="message">
      <summary>
        <code>{name}</code> <span className="soft">{summary}</span>
      </summary>
      <div>
        <Fields payload={payload} />
        {answers.length > 0 && (
          <p className="soft">
            {t("integration.answeredBy")}{" "}
            {answers.map((it) => (
              <code key={it}>{it} </code>
            ))}
          </p>
        )}
        <h4>{t("integration.example")}</h4>
        <JsonView value={example as Json} label={t("integration.example")} />
      </div>
    </details>
  );
}

function Fields({ payload }: { payload: Schema }) {
  const { t } = useTexts();
  const all = rows(payload);
  if (all.length === 0) return <p>{String(payload["description"] ?? "")}</p>;
  return (
    <table className="message-fields">
      <thead>
        <tr>
          <th scope="col">{t("integration.field")}</th>
          <th scope="col">{t("home.type")}</th>
          <th scope="col">{t("inspector.description")}</th>
        </tr>
      </thead>
      <tbody>
        {all.map(({ path, type, required, description }) => (
          <tr key={path}>
            <th scope="row">
              <code>{path}</code>
              {!required && <span className="soft"> {t("integration.optional")}</span>}
            </th>
            <td>
              <code>{type}</code>
            </td>
            <td>{description}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
