// Generated of flows/flow.schema.json by `npm run generate`. Do not edit.

/**
 * A JSON Schema (2020-12) that the parameter must fit.
 */
export type Parameter = ({
/**
 * The one value that it may have.
 */
const?: {
[k: string]: unknown
}
/**
 * What it is where it is left out.
 */
default?: {
[k: string]: unknown
}
/**
 * What it means.
 */
description?: string
/**
 * The values that it may have.
 */
enum?: unknown[]
/**
 * What the items of a list must fit.
 */
items?: ({

} | boolean)
/**
 * The greatest length of a text.
 */
maxLength?: number
/**
 * The greatest number.
 */
maximum?: number
/**
 * The least length of a text.
 */
minLength?: number
/**
 * The least number.
 */
minimum?: number
/**
 * A regular expression that a text must match.
 */
pattern?: string
/**
 * What the entries of a map must fit.
 */
properties?: {

}
/**
 * The entries that a map must have.
 */
required?: unknown[]
/**
 * What a form calls it.
 */
title?: string
/**
 * The type, or a list of types.
 */
type?: (("string" | "integer" | "number" | "boolean" | "array" | "object" | "null") | ("string" | "integer" | "number" | "boolean" | "array" | "object" | "null")[])
} | boolean)
/**
 * One step of a flow: a `call` of a component's function, or a `gateway`.
 */
export type Node = ({
/**
 * Where a gateway may go on.
 */
branches?: Branch[]
/**
 * The function to call: `component.function`, or `component.interface.function` where that is ambiguous.
 */
call?: string
/**
 * What this step does, for people.
 */
description?: string
/**
 * The component that chooses between the branches.
 */
gateway?: string
/**
 * The id of the node that follows a call. Without one the path ends here.
 */
next?: string
/**
 * The id of the node that follows when the function returns an error. Without one the run fails.
 */
"on-error"?: string
/**
 * A title for people, in any language.
 */
title?: string
/**
 * What the function is given, by its parameters' names; a gateway's configuration. `${...}` is an expression.
 */
with?: {
[k: string]: unknown
}
} & Node1)
export type Node1 = {
[k: string]: unknown
}

/**
 * A flow: a graph of components, and how clients reach it.
 */
export interface ASandgateFlow {
/**
 * What the flow does, for people.
 */
description?: string
/**
 * The flow's id: small letters, digits and `_`, beginning with a letter. Clients reach the flow by it.
 */
flow: string
/**
 * The version of this format: 1.
 */
format: 1
interface: Interface
/**
 * Where an editor draws what. Means nothing to a run.
 */
layout?: {
[k: string]: unknown
}
/**
 * The steps of the flow, by their ids: small letters, digits and `_`, beginning with a letter.
 */
nodes: {
[k: string]: Node
}
/**
 * The id of the node that a run begins with.
 */
start: string
/**
 * A title for people, in any language.
 */
title?: string
}
/**
 * How clients reach the flow.
 */
export interface Interface {
/**
 * Whether runs go on after the host was stopped or crashed, and clients that come back are sent what they missed:
 * `true` (the default), or `false`, which costs less.
 */
durable?: boolean
/**
 * How messages are framed: `json-rpc` (the default), or `raw`.
 */
framing?: ("json-rpc" | "raw")
/**
 * The parameters of a run, each by a JSON Schema (2020-12). One without a default must be given.
 */
input?: {
[k: string]: Parameter
}
/**
 * What becomes of a run when the client that started it leaves: `continue` (the default), or `cancel`.
 */
"on-leave"?: ("continue" | "cancel")
/**
 * How clients connect.
 */
protocol: "websocket"
}
/**
 * A way out of a gateway.
 */
export interface Branch {
/**
 * The condition, an expression without `${}`. One branch of a gateway may have none: the default.
 */
if?: string
/**
 * A name for people, in any language; without one, the id of its `next`.
 */
name?: string
/**
 * The id of the node that the branch leads to.
 */
next: string
/**
 * What the gateway is told of this branch: a weight, say.
 */
with?: {
[k: string]: unknown
}
}
