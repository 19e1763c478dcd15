// Generated of flows/cases.schema.json by `npm run generate`. Do not edit.

/**
 * The cases of the flow of the same name.
 */
export interface CasesOfASandgateFlow {
/**
 * The cases, in the order that they are run in.
 */
cases: Case[]
}
/**
 * A case: what a run is started with, and what should come of it.
 */
export interface Case {
/**
 * The client that starts the run. Without one, nobody in particular does.
 */
client?: string
expect?: Expect
/**
 * The run's input, an object of the flow's parameters.
 */
input?: {
[k: string]: unknown
}
/**
 * With raw framing, the message that starts the run: a text, or `{ base64: ... }`.
 */
message?: {
[k: string]: unknown
}
/**
 * A name for people, in any language.
 */
name: string
}
/**
 * What should come of it. Without it, the case shows what does.
 */
export interface Expect {
/**
 * A part of the error that the run fails with.
 */
error?: string
/**
 * The run's output.
 */
output?: {
[k: string]: unknown
}
/**
 * Every push, in order.
 */
pushes?: ExpectedPush[]
}
/**
 * A push that should come.
 */
export interface ExpectedPush {
/**
 * When it comes, on the run's clock: `1s`, `250ms`, `1m30s`. Left out, any time will do.
 */
at?: string
/**
 * The message. Bytes are `{ base64: ... }`.
 */
message: {
[k: string]: unknown
}
/**
 * Whom it is for: `everyone`, `caller`, `client:<id>` or `group:<name>`. Left out, anyone will do.
 */
to?: string
}
