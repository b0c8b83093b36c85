/** `HH:MM`, 24 hours. */
export type WallClockTime = string;

/** `YYYY-MM-DD`, a calendar day at the location. */
export type PracticeDate = string;

/** `YYYY-MM-DDTHH:MM`, wall clock of the location, without offset: what Cloud9 speaks (cloud9.md 2.2). */
export type PracticeTime = string;
