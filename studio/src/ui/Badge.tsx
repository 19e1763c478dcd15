import type { ReactNode } from "react";
import "./badge.css";

export type Tone = "good" | "bad" | "warn" | "info" | "quiet";

/** A word on how something stands. */
export function Badge({ tone = "quiet", children, title }: { tone?: Tone; children: ReactNode; title?: string }) {
  return (
    <span className={`badge badge-${tone}`} title={title}>
      {children}
    </span>
  );
}
