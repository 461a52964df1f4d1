/** Minutes by which a zone is ahead of UTC, or the name of one that the database alone knows the rules of. */
export type Zone = { readonly minutes: number } | { readonly region: string };

const two = (value: number): string => String(value).padStart(2, '0');

const offsetText = (minutes: number): string => {
  const size = Math.abs(minutes);
  return `${minutes < 0 ? '-' : '+'}${two(Math.floor(size / 60))}:${two(size % 60)}`;
};

interface Moment {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
}

function written({ year, month, day, hour, minute, second }: Moment, nanoseconds: number): string {
  const date = `${year < 0 ? '-' : ''}${String(Math.abs(year)).padStart(4, '0')}-${two(month)}-${two(day)}`;
  // Six digits, as timestamps have unless they were declared with more.
  const fraction =
    nanoseconds === 0
      ? ''
      : `.${String(nanoseconds)
          .padStart(9, '0')
          .replace(/0{1,3}$/, '')}`;
  return `${date} ${two(hour)}:${two(minute)}:${two(second)}${fraction}`;
}

/** The same moment so many minutes later, in the calendar that the database counts in (no year nought: 1 BC is -1). */
function later(moment: Moment, minutes: number): Moment {
  const time = new Date(0);
  time.setUTCFullYear(moment.year < 0 ? moment.year + 1 : moment.year, moment.month - 1, moment.day);
  time.setUTCHours(moment.hour, moment.minute + minutes, moment.second);
  const year = time.getUTCFullYear();
  return {
    year: year > 0 ? year : year - 1,
    month: time.getUTCMonth() + 1,
    day: time.getUTCDate(),
    hour: time.getUTCHours(),
    minute: time.getUTCMinutes(),
    second: time.getUTCSeconds(),
  };
}

/**
 * A DATE (7 bytes), TIMESTAMP (7 or 11) or TIMESTAMP WITH TIME ZONE (13, in UTC) as it came, as text to its last digit. The driver makes a Date of it,
 * which has neither nanoseconds nor a zone. `zone`: that of the database, for a TIMESTAMP WITH LOCAL TIME ZONE.
 */
export function dateText(bytes: Uint8Array, zone: Zone | null): string {
  if (bytes.length < 7) throw new RangeError('a date has at least seven bytes');
  const at = (index: number): number => bytes[index] ?? 0;
  const moment: Moment = {
    year: (at(0) - 100) * 100 + at(1) - 100,
    month: at(2),
    day: at(3),
    hour: at(4) - 1,
    minute: at(5) - 1,
    second: at(6) - 1,
  };
  const nanoseconds = bytes.length >= 11 ? at(7) * 16_777_216 + at(8) * 65_536 + at(9) * 256 + at(10) : 0;
  if (bytes.length >= 13) {
    // A zone that was given by its name comes as a number of the database's own list: the moment is told in UTC.
    const minutes = at(11) & 0x80 ? 0 : (at(11) - 20) * 60 + at(12) - 60;
    return `${written(later(moment, minutes), nanoseconds)} ${offsetText(minutes)}`;
  }
  const text = written(moment, nanoseconds);
  if (zone === null) return text;
  return 'region' in zone ? `${text} ${zone.region}` : `${text} ${offsetText(zone.minutes)}`;
}
