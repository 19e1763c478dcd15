/** The kinds of nodes that are drawn: a file each. */

import type { NodeTypes } from "@xyflow/react";
import { CallNodeView } from "./CallNodeView";
import { EntryNodeView } from "./EntryNodeView";
import { GatewayNodeView } from "./GatewayNodeView";

export const nodeTypes = { call: CallNodeView, gateway: GatewayNodeView, entry: EntryNodeView } satisfies NodeTypes;
