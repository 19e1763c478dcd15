import type { Json } from "../api/types";

/** A value, as JSON on lines. */
export function JsonView({ value, label }: { value: Json | undefined; label: string }) {
  return (
    <pre className="json-view" tabIndex={0} aria-label={label}>
      {JSON.stringify(value, null, 2)}
    </pre>
  );
}
