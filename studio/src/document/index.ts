/** Flows as documents: read, changed and understood, without a browser. */

export {
  addBranch,
  addNode,
  connect,
  disconnect,
  move,
  moveBranch,
  newFlow,
  removeBranch,
  removeNodes,
  setArgument,
  setBranch,
  setConfig,
  setFlow,
  setInterface,
  setNode,
  setParameters,
  setStart,
} from "./edits";
export {
  addCase,
  readCases,
  removeCase,
  setCase,
  setExpect,
  type CaseExpect,
  type CasePush,
  type CaseView,
} from "./cases";
export { arrange, positions, sizeOf, type Size } from "./arrange";
export { asExpression, expressionOf, nameOf } from "./template";
export {
  COMPARISONS,
  TESTS,
  parseCondition,
  writeCondition,
  type Comparison,
  type ConditionTree,
  type Group,
  type Operator,
} from "./conditions";
export { copy, paste } from "./clipboard";
export { edgeId, read } from "./read";
export { freeId, idFault, idOf, renameNode } from "./names";
export { graphDiff, union, type Difference, type Mark } from "./difference";
export { History } from "./history";
export { offsetOf, placeOf, spanOf, type Place } from "./places";
export { paint, passed, type Painted } from "./trace";
export { tokens, type Token } from "./tokens";
export type * from "./types";
