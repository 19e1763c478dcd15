/** What is published and what is being edited, as one list. */

import type { DraftHead, Flow } from "../api/types";

export interface Interface {
  id: string;
  title: string;
  description: string | null;
  /** None if it was never published. */
  flow: Flow | null;
  draft: DraftHead | null;
}

/** By their ids, in order. */
export function interfaces(flows: Flow[], drafts: DraftHead[]): Interface[] {
  const ids = [...new Set([...flows.map(({ flow }) => flow), ...drafts.map(({ flow }) => flow)])].sort();
  return ids.map((id) => {
    const flow = flows.find((it) => it.flow === id) ?? null;
    const draft = drafts.find((it) => it.flow === id) ?? null;
    return { id, title: draft?.title ?? flow?.title ?? id, description: flow?.description ?? null, flow, draft };
  });
}
