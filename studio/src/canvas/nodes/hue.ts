/** The colour of a group of components: the same for the same name. */

const HUES = 5;

export function hue(group: string): number {
  let sum = 0;
  for (const character of group) sum = (sum * 31 + character.codePointAt(0)!) >>> 0;
  return group === "" ? 0 : 1 + (sum % HUES);
}
