import { randomInt } from 'node:crypto';

/** Two numbers with a dot between them, as no two connections have it. */
export function newSocketId(isTaken: (id: string) => boolean): string {
  for (;;) {
    const id = `${randomInt(1, 1_000_000)}.${randomInt(1, 2 ** 40)}`;
    if (!isTaken(id)) return id;
  }
}
