/** What the daemon says, by the names of its OpenAPI document, and narrower where that has only a text. */

import type { components } from "./generated";

type Said = components["schemas"];

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
export type Schema = { [key: string]: Json };

/** The keys of one with other types. */
type Narrow<T, N extends { [key in keyof T]?: unknown }> = Omit<T, keyof N> & N;
/** What is never left out is null where there is nothing. */
type Nullable<T, K extends keyof T> = Omit<T, K> & { [key in K]-?: Exclude<T[key], undefined> | null };

export type Finding = Narrow<Nullable<Said["Finding"], "help">, { severity: "error" | "warning" }>;
export type Project = Said["Project"];
export type Unusable = Said["Unusable"];
export type Flow = Narrow<
  Nullable<Said["Flow"], "description" | "version">,
  {
    framing: "json-rpc" | "raw" | null;
    input: Schema | null;
    status: "served" | "stale" | "broken";
    problems: Finding[];
  }
>;
export type Flows = Narrow<Said["Flows"], { flows: Flow[] }>;
export type DraftHead = Nullable<Said["DraftHead"], "title" | "modified">;
export type Draft = Narrow<Said["Draft"], { problems: Finding[] }>;
/** A name that expressions have in scope. */
export type Name = Nullable<Said["Name"], "docs">;
export type Check = Narrow<Said["Check"], { problems: Finding[]; names: Name[] }>;
export type ExpressionFunction = Said["ExpressionFunction"];

/** A type as WIT writes it, and as JSON Schema. */
export type Typed = Narrow<Said["Typed"], { type: string | null; schema: Schema }>;
export type Argument = Narrow<
  Nullable<Said["Argument"], "docs" | "widget">,
  { type: string | null; schema: Schema; default: Json }
>;
export type ComponentFunction = Narrow<
  Nullable<Said["Function"], "docs">,
  { parameters: Argument[]; input: Schema; result: Typed | null; error: Typed | null }
>;
export type Component = Narrow<
  Nullable<Said["Component"], "title" | "group" | "icon" | "docs">,
  { functions: ComponentFunction[] }
>;

export type VersionHead = Nullable<Said["VersionHead"], "restores">;
export type Version = Nullable<Said["Version"], "restores">;

export type RunHead = Narrow<
  Nullable<Said["RunHead"], "ended" | "asleep_until">,
  { status: "running" | "output" | "completed" | "failed" | "cancelled" | "damaged" }
>;
export type RunEnd = Narrow<
  Nullable<Said["RunEnd"], "error">,
  { status: "output" | "completed" | "failed" | "cancelled"; output: Json }
>;

/** What an activation asked of the host. */
export type HostCall =
  | { at: string; function: "push"; to: string; message: Json; sessions: number }
  | { at: string; function: "sleep"; until: string }
  | { at: string; function: "output"; value: Json }
  | { at: string; function: string; refused: string };

/** What an activation was given, returned and cost. */
export type Activation = Narrow<
  Nullable<Said["Activation"], "function" | "started" | "ended" | "duration_ms" | "failure">,
  {
    status: "waiting" | "running" | "returned" | "failed" | "cancelled";
    given: Json;
    calls: HostCall[];
    result: Json;
  }
>;
export type TracePage = Narrow<
  Nullable<Said["Trace"], "next">,
  { run: RunHead; activations: Activation[]; end: RunEnd | null }
>;

export type CaseResult = Narrow<
  Said["CaseResult"],
  {
    status: "passed" | "failed" | "shown";
    input: Json;
    pushes: { at_ms: number; to: string; message: Json }[];
    end: RunEnd | null;
    activations: Activation[];
  }
>;
