/**
 * Options of a wrong name would have no effect. As short as it can be: browsers load it.
 * @param rest what is left of the options without those that there are
 * @throws TypeError that names the option
 */
export function refuseUnknown(rest: object): void {
  for (const name in rest) throw new TypeError(`"${name}" is not an option; check its spelling`);
}
