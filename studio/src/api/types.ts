/** What the daemon says, by the names of its OpenAPI document. */

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
export type Schema = { [key: string]: Json };

export interface Finding {
  severity: "error" | "warning";
  message: string;
  line: number;
  column: number;
  end_line: number;
  end_column: number;
  help: string | null;
}

export interface Project {
  project: string;
  /** Whether there is a folder, in which flows are files. */
  folder: boolean;
  flows: number;
  version: string;
  unusable: Unusable[];
}

export interface Unusable {
  file: string;
  message: string;
}

export interface Flow {
  flow: string;
  title: string;
  description: string | null;
  version: number | null;
  framing: "json-rpc" | "raw" | null;
  input: Schema | null;
  status: "served" | "stale" | "broken";
  problems: Finding[];
  websocket: string;
  run: string;
}

export interface Flows {
  project: string;
  flows: Flow[];
  unusable: Unusable[];
}

export interface DraftHead {
  flow: string;
  title: string | null;
  /** RFC 3339. */
  modified: string;
  published: boolean;
  problems: { errors: number; warnings: number };
}

export interface Draft {
  flow: string;
  text: string;
  problems: Finding[];
}

/** A name that expressions have in scope. */
export interface Name {
  name: string;
  type: string;
  nullable: boolean;
  docs: string | null;
}

export interface Check {
  problems: Finding[];
  names: Name[];
  input: Schema | null;
}

export interface ExpressionFunction {
  name: string;
  signature: string;
  docs: string;
}

export interface Component {
  component: string;
  title: string | null;
  group: string | null;
  icon: string | null;
  docs: string | null;
  digest: string;
  gateway: boolean;
  stateless: boolean;
  functions: ComponentFunction[];
}

export interface ComponentFunction {
  function: string;
  interface: string;
  docs: string | null;
  parameters: Argument[];
  input: Schema;
  result: Typed | null;
  error: Typed | null;
}

export interface Argument extends Typed {
  name: string;
  docs: string | null;
  default: Json;
  widget: string | null;
  hidden: boolean;
}

export interface Typed {
  /** As WIT writes it. */
  type: string | null;
  schema: Schema;
}

export interface VersionHead {
  flow: string;
  version: number;
  message: string;
  published: string;
  restores: number | null;
  current: boolean;
}

export interface Version extends VersionHead {
  ending: string;
  text: string;
  components: { component: string; digest: string }[];
}

export interface RunHead {
  run: string;
  flow: string;
  version: number;
  status: "running" | "output" | "completed" | "failed" | "cancelled" | "damaged";
  started: string;
  ended: string | null;
  asleep_until: string | null;
}

export interface RunEnd {
  status: "output" | "completed" | "failed" | "cancelled";
  output: Json;
  error: string | null;
}

export type HostCall =
  | { at: string; function: "push"; to: string; message: Json; sessions: number }
  | { at: string; function: "sleep"; until: string }
  | { at: string; function: "output"; value: Json }
  | { at: string; function: string; refused: string };

/** What an activation was given, returned and cost. */
export interface Activation {
  activation: number;
  node: string;
  component: string;
  function: string | null;
  status: "waiting" | "running" | "returned" | "failed" | "cancelled";
  started: string | null;
  ended: string | null;
  duration_ms: number | null;
  given: Json;
  calls: HostCall[];
  result: Json;
  failure: string | null;
  cpu_us: number;
  memory_bytes: number;
}

export interface TracePage extends RunHead {
  activations: Activation[];
  next: number | null;
  end: RunEnd | null;
}

export interface CaseResult {
  name: string;
  status: "passed" | "failed" | "shown";
  input: Json;
  pushes: { at_ms: number; to: string; message: Json }[];
  end: RunEnd;
  duration_ms: number;
  differences: string[];
  activations: Activation[];
  truncated: boolean;
}
