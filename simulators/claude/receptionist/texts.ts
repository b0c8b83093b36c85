/** A visit as it is told. */
export interface SaidVisit {
  readonly firstName: string;
  readonly day: string;
  readonly time: string;
  readonly location: string;
}

/** Everything that the receptionist says, in one language. */
export interface Texts {
  // Small talk
  hello(practice: string): string;
  readonly howCanIHelp: string;
  readonly howElse: string;
  readonly whichBusiness: string;
  readonly allRight: string;
  readonly welcome: string;
  readonly goodbye: string;
  readonly nothingChanged: string;
  readonly sorry: string;
  readonly stillLost: string;
  readonly offersPerson: string;
  readonly asksMore: string;
  /** Ends every read-back: only an answer to it can be a yes to a write. */
  readonly asksConsent: string;
  readonly toBeSure: string;
  // People
  readonly asksFirstVisit: string;
  /** What is asked for of a person; part of both questions below. */
  readonly asksNames: string;
  readonly asksNewPeople: string;
  readonly asksKnownPatient: string;
  lastNameOf(firstName: string): string;
  birthDateOf(firstName: string): string;
  birthDatesOf(firstNames: readonly string[]): string;
  readonly asksPhone: string;
  readonly asksFactor: string;
  readonly notFoundAgain: string;
  // Slots
  asksOffice(names: readonly string[]): string;
  readonly nothingThen: string;
  readonly nothingOnDays: string;
  readonly nothingAtHour: string;
  offerOne(option: string): string;
  offerSome(options: readonly string[]): string;
  /** In every offer. */
  readonly suitsYou: RegExp;
  readonly whichSuits: string;
  readonly whichOther: string;
  option(day: string, times: readonly string[], isSideBySide: boolean, location: string): string;
  visit(visit: SaidVisit): string;
  visits(visits: readonly string[]): string;
  holding(visits: string, action: 'book' | 'move'): string;
  readonly notBooked: string;
  // What was done
  done(visit: SaidVisit, kind: 'booked' | 'moved'): string;
  hasNoVisit(firstName: string): string;
  readonly oldOneLater: string;
  readonly cancelled: string;
  readonly wasCancelled: string;
  readonly beingChecked: string;
  confirmed(visit: string): string;
  waitlisted(firstNames: readonly string[]): string;
  noted(firstNames: readonly string[]): string;
  readonly handedOff: string;
  readonly callEmergency: string;
  // Appointments
  readonly noAppointment: string;
  sees(visits: string): string;
  readonly whichOne: string;
  asksToCancel(visit: string | null): string;
  asksToCome(visit: string | null): string;
  readonly leftAsItIs: string;
  nextMove(visit: string): string;
  // Insurance, practice
  readonly asksInsurer: string;
  readonly noPrices: string;
  hours(office: string, groups: readonly { first: string; last: string; times: string }[]): string;
  /** What a tool's error lets be said. */
  hint(code: string, hint: string): string;
}
