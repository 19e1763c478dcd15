/** Changes of conditions. */

import type { ConditionTree, Group } from "../../document";

export function withMember(group: Group, index: number, member: ConditionTree): Group {
  return { ...group, members: group.members.map((it, place) => (place === index ? member : it)) };
}

/** A group of one is that one, and of none is nothing. */
export function without(group: Group, index: number): ConditionTree | null {
  const members = group.members.filter((_, place) => place !== index);
  return members.length > 1 ? { ...group, members } : (members[0] ?? null);
}
