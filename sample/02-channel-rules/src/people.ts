/** Somebody who is logged in. */
export interface User {
  id: string;
  name: string;
}

/** All users of this application. */
export const PEOPLE: readonly User[] = [
  { id: 'ada', name: 'Ada' },
  { id: 'grace', name: 'Grace' },
  { id: 'eve', name: 'Eve' },
];
