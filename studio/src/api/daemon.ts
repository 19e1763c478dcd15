/** What the Studio asks of the daemon: a function for each address that it uses. */

import { ask, ifAbsent, send } from "./ask";
import { events } from "./events";
import type {
  Activation,
  CaseResult,
  Check,
  Component,
  Draft,
  DraftHead,
  ExpressionFunction,
  Flow,
  Flows,
  Json,
  Project,
  RunEnd,
  RunHead,
  TracePage,
  Version,
  VersionHead,
} from "./types";

const V1 = "/api/v1";
const of = (flow: string) => `${V1}/flows/${encodeURIComponent(flow)}`;

/** A text that is kept, and the tag that tells it apart from what it was before. */
export interface Kept {
  text: string;
  tag: string;
}

export const project = () => ask<Project>(`${V1}/project`);
export const makeProject = (name: string) => ask<Project>(`${V1}/project`, { method: "POST", body: { name } });
export const flows = () => ask<Flows>(`${V1}/flows`);
export const flow = (id: string) => ask<Flow>(of(id));
export const components = async () => (await ask<{ components: Component[] }>(`${V1}/components`)).components;
export const expressions = async () => (await ask<{ functions: ExpressionFunction[] }>(`${V1}/expressions`)).functions;
export const drafts = async () => (await ask<{ drafts: DraftHead[] }>(`${V1}/drafts`)).drafts;

export const check = (flow: string, text: string, signal?: AbortSignal) =>
  ask<Check>(`${of(flow)}/check`, { method: "POST", body: text, signal });

/** Texts that are kept beside a flow. */
export type Which = "draft" | "cases";

/** What is kept, or null if there is nothing. */
export function read(flow: string, which: Which): Promise<Kept | null> {
  return send(`${of(flow)}/${which}`)
    .then(kept)
    .catch(ifAbsent(null));
}

/** Keeps a text in the place of the one with this tag; of none, if that is null. Refused as `changed` if somebody else was there. */
export async function write(flow: string, which: Which, text: string, tag: string | null): Promise<string> {
  const condition: Record<string, string> = tag === null ? { "If-None-Match": "*" } : { "If-Match": tag };
  const response = await send(`${of(flow)}/${which}`, { method: "PUT", body: text, headers: condition });
  return response.headers.get("ETag") ?? "";
}

export const remove = (flow: string, which: Which, tag: string) =>
  send(`${of(flow)}/${which}`, { method: "DELETE", headers: { "If-Match": tag } });

async function kept(response: Response): Promise<Kept> {
  const { text } = (await response.json()) as Draft;
  return { text, tag: response.headers.get("ETag") ?? "" };
}

export const versions = (flow: string, before?: number) =>
  ask<{ versions: VersionHead[]; next: number | null }>(`${of(flow)}/versions${before ? `?before=${before}` : ""}`);
export const version = (flow: string, number: number) => ask<Version>(`${of(flow)}/versions/${number}`);
/** Publishes the draft, while it has this tag; or this document, where there is no draft. */
export const publish = (flow: string, message: string, tag: string, document?: string) =>
  ask<{ created: boolean; version: Version }>(`${of(flow)}/versions`, {
    method: "POST",
    body: document === undefined ? { message } : { message, document },
    headers: document === undefined ? { "If-Match": tag } : {},
  });
export const rollBack = (flow: string, to: number, message?: string) =>
  ask<{ created: boolean; version: Version }>(`${of(flow)}/rollback`, { method: "POST", body: { to, message } });

export const asyncapiAddress = (flow: string) => `${of(flow)}/asyncapi.json`;
export const asyncapi = (flow: string) => ask<Json>(asyncapiAddress(flow));

export const runs = (flow: string, before?: string) =>
  ask<{ runs: RunHead[]; next: string | null }>(
    `${V1}/runs?flow=${encodeURIComponent(flow)}${before ? `&before=${before}` : ""}`,
  );
export const trace = (run: string, after?: number) =>
  ask<TracePage>(`${V1}/runs/${run}/trace${after === undefined ? "" : `?after=${after}`}`);
export const cancel = (run: string) =>
  ask<RunEnd>(`${V1}/runs/${run}/cancel`, { method: "POST", body: { reason: "cancelled in the Studio" } });

/** Whatever happens to the runs of a flow from now on. */
export async function* runsLive(flow: string, signal: AbortSignal): AsyncGenerator<RunHead> {
  for await (const { event, data } of events(`${V1}/runs?flow=${encodeURIComponent(flow)}`, { signal })) {
    if (event === "run") yield JSON.parse(data) as RunHead;
  }
}

/** What is told of a run that is followed. */
export type Told =
  | { event: "started"; run: string; at: string }
  | { event: "activation"; activation: Activation }
  | { event: "push"; at: string; to: string; message: Json }
  | { event: "end"; end: RunEnd };

export interface Trial {
  document?: string;
  input?: Json;
  message?: Json;
  client?: string;
}

/** Runs a document in a sandbox of its own. Aborting the signal cancels the run. */
export async function* tryOut(flow: string, trial: Trial, signal: AbortSignal): AsyncGenerator<Told> {
  yield* told(`${of(flow)}/try`, { method: "POST", body: trial, signal });
}

/** The trace of a run as it goes on. */
export async function* traceLive(run: string, signal: AbortSignal): AsyncGenerator<Told> {
  yield* told(`${V1}/runs/${run}/trace`, { signal });
}

async function* told(path: string, request: Parameters<typeof events>[1]): AsyncGenerator<Told> {
  for await (const { event, data } of events(path, request)) {
    const said = JSON.parse(data);
    if (event === "activation") yield { event, activation: said as Activation };
    else if (event === "end") yield { event, end: said as RunEnd };
    else if (event === "started" || event === "push") yield { event, ...said } as Told;
  }
}

export interface CasesToRun {
  document?: string;
  cases?: string;
  names?: string[];
}

/** Runs cases on virtual time; each as it is done. */
export async function* runCases(flow: string, what: CasesToRun, signal: AbortSignal): AsyncGenerator<CaseResult> {
  for await (const { event, data } of events(`${of(flow)}/cases/run`, { method: "POST", body: what, signal })) {
    if (event === "case") yield JSON.parse(data) as CaseResult;
  }
}
