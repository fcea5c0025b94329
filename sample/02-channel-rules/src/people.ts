/** Somebody who is logged in. */
export interface User {
  id: string;
  name: string;
}

/** Everybody whom this application knows. */
export const PEOPLE: readonly User[] = [
  { id: 'ada', name: 'Ada' },
  { id: 'grace', name: 'Grace' },
  { id: 'eve', name: 'Eve' },
];
