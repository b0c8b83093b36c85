import type { Texts } from './texts.js';

const joined = (names: readonly string[]): string =>
  names.length < 2 ? (names[0] ?? '') : `${names.slice(0, -1).join(', ')} y ${names.at(-1) ?? ''}`;

const asksNames = 'nombre y apellido';
const asksConsent = 'Por favor, diga sí o no.';

export const spanish: Texts = {
  hello: (practice) => `Hola, le atiende ${practice}. ¿En qué puedo ayudarle?`,
  howCanIHelp: '¿En qué puedo ayudarle?',
  howElse: '¿En qué más puedo ayudarle?',
  whichBusiness: 'Puedo reservar, cambiar o cancelar una visita. ¿Qué desea?',
  allRight: 'Muy bien.',
  welcome: 'Con mucho gusto.',
  goodbye: 'Gracias, que tenga un buen día.',
  nothingChanged: 'Muy bien, no cambio nada. ¿En qué más puedo ayudarle?',
  sorry: 'Perdón, no le entendí.',
  stillLost: 'Lo siento, todavía no le entiendo.',
  offersPerson: '¿Quiere que le comunique con un colega?',
  asksMore: '¿Desea algo más?',
  asksConsent,
  toBeSure: 'Para estar seguros:',

  asksFirstVisit: '¿Sería la primera visita con nosotros?',
  asksNames,
  asksNewPeople: `Por favor, dígame ${asksNames} y fecha de nacimiento de todos los que vienen, y un número de teléfono.`,
  asksKnownPatient: `Por favor, dígame ${asksNames} y fecha de nacimiento del paciente, y el teléfono o código postal que tenemos registrado.`,
  lastNameOf: (firstName) => `¿Cuál es el apellido de ${firstName}?`,
  birthDateOf: (firstName) => `¿Cuál es la fecha de nacimiento de ${firstName}, con el año?`,
  birthDatesOf: (names) => `¿Cuáles son las fechas de nacimiento de ${joined(names)}, con el año?`,
  asksPhone: '¿Y qué número de teléfono podemos usar?',
  asksFactor: 'Gracias. ¿Y el teléfono o código postal que tenemos registrado?',
  notFoundAgain: 'Con esos datos sigo sin encontrar un expediente.',

  asksOffice: (names) =>
    `¿A qué sede prefiere venir: ${names.join(' o ')}? Si le conviene algún día o parte del día, dígamelo también.`,
  nothingThen:
    'No hay nada libre entonces. ¿Qué otro día o qué otra sede le convendría? También puedo ponerle en la lista de espera.',
  nothingOnDays: 'No hay nada libre en los días que dijo.',
  nothingAtHour: 'No hay nada libre exactamente a esa hora.',
  offerOne: (option) => `Tengo ${option}. ¿Le conviene?`,
  offerSome: (options) =>
    `Tengo estos horarios: ${options.map((one, index) => `${['primero', 'segundo', 'tercero'][index] ?? ''}, ${one}`).join('; ')}. ¿Cuál le conviene?`,
  suitsYou: /le conviene\?/,
  whichSuits: '¿Cuál de estos horarios le conviene? También puede decirme otro día.',
  whichOther: '¿Qué otro día u otra parte del día prefiere?',
  option: (day, times, isSideBySide, location) =>
    `${day} a las ${times.join(' y a las ')}${isSideBySide ? ', al mismo tiempo' : ''}, ${location}`,
  visit: ({ firstName, day, time, location }) => `${firstName}, ${day} a las ${time}, ${location}`,
  visits: (visits) => visits.join('; y '),
  holding: (visits, action) =>
    `Le estoy guardando: ${visits}. ¿${action === 'move' ? 'Cambio la visita a esta hora' : 'Lo reservo'}? ${asksConsent}`,
  notBooked:
    'Muy bien, no lo reservo. ¿Qué otro día u otra hora le convendría, o puedo hacer otra cosa por usted?',

  done: ({ firstName, day, time, location }, kind) =>
    kind === 'moved'
      ? `La cita de ${firstName} está cambiada: ${day} a las ${time}, ${location}.`
      : `La cita de ${firstName} está reservada: ${day} a las ${time}, ${location}.`,
  hasNoVisit: (firstName) => `${firstName} todavía no tiene cita.`,
  oldOneLater: 'Un colega se encargará de la cita anterior.',
  cancelled: 'La cita está cancelada.',
  wasCancelled: 'Esa cita no está vigente.',
  beingChecked: 'El consultorio todavía lo está confirmando. Un colega le llamará.',
  confirmed: (visit) => `La visita está confirmada: ${visit}.`,
  waitlisted: (names) =>
    `${joined(names)} ${names.length > 1 ? 'están' : 'está'} en la lista de espera. Nuestro equipo le llama cuando se libere un horario.`,
  noted: (names) => `Anoté el seguro de ${joined(names)}.`,
  handedOff: 'Le dejé una nota a nuestro equipo. Un colega se comunicará con usted.',
  callEmergency: 'Si es una emergencia, llame ahora al 911.',

  noAppointment: 'No veo ninguna cita próxima.',
  sees: (visits) => `Veo: ${visits}.`,
  whichOne: '¿A cuál se refiere?',
  asksToCancel: (visit) =>
    `¿De verdad cancelo ${visit === null ? 'esa visita' : `la visita de ${visit}`}? ${asksConsent}`,
  asksToCome: (visit) =>
    `¿Le digo al consultorio que vendrán${visit === null ? '' : `: ${visit}`}? ${asksConsent}`,
  leftAsItIs: 'Muy bien, lo dejo como está.',
  nextMove: (visit) => `Ahora la otra: ${visit}.`,

  asksInsurer: '¿Qué seguro es, y cuál es el número de miembro?',
  noPrices: 'No puedo decirle nada de precios ni de lo que cubre un seguro; nuestro equipo sí.',
  hours: (office, groups) =>
    `Horario de ${office}: ${groups.map(({ first, last, times }) => `${first === last ? first : `${first} a ${last}`} ${times}`).join(', ')}.`,
  hint: (code) => hints[code] ?? 'Eso no funcionó.',
};

const hints: Readonly<Record<string, string>> = {
  not_found: 'No encuentro un expediente que coincida con todos esos datos.',
  locked: 'En esta conversación ya no puedo buscar expedientes.',
  ambiguous: 'Hay más de un expediente con esos datos; un colega tiene que aclararlo.',
  second_factor_needed: 'Dígame por favor el teléfono o código postal que tenemos registrado.',
  slot_taken: 'Alguien más acaba de tomar ese horario.',
  hold_expired: 'El tiempo para decidir se acabó.',
  invalid_range: 'En esas fechas no podemos reservar. ¿Qué otro día?',
  invalid_birth_date: 'Por favor, dígame otra vez la fecha de nacimiento, con el año.',
  invalid_phone: 'Por favor, dígame un teléfono de diez cifras.',
  age_rule: 'A esa edad no ofrecemos esa visita.',
  not_booked_yet: 'Puedo anotar el seguro en cuanto tenga la primera visita.',
  in_the_past: 'Esa cita ya pasó.',
  try_later: 'El sistema responde lento en este momento.',
  unavailable: 'En este momento no puedo ver la agenda.',
};
