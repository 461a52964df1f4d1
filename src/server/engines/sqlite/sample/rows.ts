import { type Chance, chanceOf } from './chance.ts';
import { cities } from './names.ts';

type Value = string | number | null;
/** Rows of the sample by table, in an order in which every row's parents come first. */
export type SampleRows = readonly (readonly [table: string, rows: readonly (readonly Value[])[]])[];

const dayMs = 86_400_000;
/** The year that the sample is about. */
const firstDay = Date.UTC(2025, 6, 1);
const days = 365;

const dayOf = (index: number): string => new Date(firstDay + index * dayMs).toISOString().slice(0, 10);
const timeOf = (ms: number): string => new Date(ms).toISOString().slice(0, 19).replace('T', ' ');
const range = (count: number): number[] => Array.from({ length: count }, (_, index) => index + 1);

/** Makes every row of the sample; the same ones each time. */
export function sampleRows(): SampleRows {
  const chance = chanceOf(20_260_701);
  const places = placesOf(chance);
  const fleet = fleetOf(chance);
  const people = peopleOf(chance);
  const rides = ridesOf(chance);
  return [...places, ...fleet, ...people, ...rides, ...workOf(chance)];
}

const stations = 60;
const bicycles = 240;
const riders = 600;
const trips = 4000;
const incidents = 160;
const technicians = 9;
const jobs = 320;

function placesOf(chance: Chance): SampleRows {
  const district = cities.districts.map((name, index) => [index + 1, name, chance.whole(8000, 60_000), chance.whole(12, 95) / 10]);
  const station = range(stations).map((id) => {
    const street = `${cities.streets[(id - 1) % cities.streets.length]} ${chance.whole(1, 90)}`;
    const closed = chance.happens(0.04) ? dayOf(chance.whole(200, 360)) : null;
    return [
      id,
      chance.whole(1, cities.districts.length),
      `${street} (${id})`,
      59.9 + chance.whole(0, 900) / 10_000,
      10.7 + chance.whole(0, 1400) / 10_000,
      dayOf(-chance.whole(10, 1500)),
      closed,
    ];
  });
  const dock = range(stations).flatMap((id) =>
    range(chance.whole(8, 20)).map((number) => [id, number, chance.happens(0.05) ? 'out_of_order' : 'ok']),
  );
  const weather = range(days).map((index) => {
    const mean = 7 + 13 * Math.cos(((index - 20) / days) * 2 * Math.PI) + chance.whole(-30, 30) / 10;
    const rain = chance.happens(0.42) ? chance.whole(1, 220) / 10 : 0;
    return [dayOf(index - 1), Math.round((mean - 4) * 10) / 10, Math.round((mean + 4) * 10) / 10, rain];
  });
  return [
    ['district', district],
    ['station', station],
    ['dock', dock],
    ['weather_day', weather],
  ];
}

function fleetOf(chance: Chance): SampleRows {
  const model = cities.models.map(([maker, name, electric, price], index) => [index + 1, maker, name, electric, price]);
  const bicycle = range(bicycles).map((id) => {
    const retired = chance.happens(0.06) ? dayOf(chance.whole(30, 360)) : null;
    const where = retired === null && !chance.happens(0.03) ? chance.whole(1, stations) : null;
    return [id, chance.whole(1, model.length), `TDM${100_000 + id * 37}`, dayOf(-chance.whole(1, 1400)), retired, where];
  });
  const electric = bicycle.filter((row) => model[Number(row[1]) - 1]?.[3] === 1).map(([id]) => Number(id));
  const reading = electric.flatMap((id) =>
    range(8).map((index) => [id, timeOf(firstDay + (days - 9 + index) * dayMs + chance.whole(0, 80_000) * 1000), chance.whole(4, 100)]),
  );
  return [
    ['bicycle_model', model],
    ['bicycle', bicycle],
    ['soc_reading', reading],
  ];
}

function peopleOf(chance: Chance): SampleRows {
  const rider = range(riders).map((id) => {
    const name = `${chance.pick(cities.firstNames)} ${chance.pick(cities.lastNames)}`;
    const email = `${name.toLowerCase().replaceAll(' ', '.')}.${id}@example.org`;
    const born = chance.happens(0.8) ? `${chance.whole(1950, 2008)}-${String(chance.whole(1, 12)).padStart(2, '0')}-15` : null;
    const inviter = id > 1 && chance.happens(0.2) ? chance.whole(1, id - 1) : null;
    return [id, name, email, born, dayOf(-chance.whole(1, 900)), inviter];
  });
  const plan = cities.plans.map((row) => [...row]);
  const membership = range(700).map((id) => {
    const [code = '', , months = 1] = chance.pick(cities.plans);
    const start = chance.whole(-120, 330);
    return [id, chance.whole(1, riders), code, dayOf(start), dayOf(start + Number(months) * 30), chance.happens(0.7) ? 1 : 0];
  });
  const promo = cities.promos.map((row) => [...row]);
  const contact = range(180).map((id) => {
    const [topic, body] = chance.pick(cities.complaints);
    const at = firstDay + chance.whole(0, days - 2) * dayMs + chance.whole(0, 86_000) * 1000;
    return [
      id,
      chance.whole(1, riders),
      topic,
      body,
      timeOf(at),
      chance.happens(0.92) ? timeOf(at + chance.whole(1, 96) * 3_600_000) : null,
    ];
  });
  return [
    ['rider', rider],
    ['membership_plan', plan],
    ['membership', membership],
    ['promo', promo],
    ['cs_case', contact],
  ];
}

function ridesOf(chance: Chance): SampleRows {
  const trip: Value[][] = [];
  const review: Value[][] = [];
  const payment: Value[][] = [];
  const refund: Value[][] = [];
  const used: Value[][] = [];
  for (const id of range(trips)) {
    const start = firstDay + chance.whole(0, days - 1) * dayMs + chance.whole(5 * 60, 23 * 60) * 60_000;
    const minutes = chance.whole(3, 70);
    const rider = chance.whole(1, riders);
    const from = chance.whole(1, stations);
    const going = id > trips - 6;
    const end = going ? null : timeOf(start + minutes * 60_000);
    const way = [rider, chance.whole(1, bicycles), from, going ? null : chance.whole(1, stations)];
    trip.push([id, ...way, timeOf(start), end, going ? null : minutes, going ? null : minutes * chance.whole(170, 260)]);
    if (going) continue;
    if (chance.happens(0.22)) review.push([id, Math.min(5, chance.whole(1, 8)), chance.happens(0.3) ? chance.pick(cities.reviews) : null]);
    if (!chance.happens(0.55)) continue;
    const amount = 150 + minutes * 12;
    const failed = chance.happens(0.03);
    payment.push([
      payment.length + 1,
      rider,
      id,
      null,
      chance.pick(['card', 'wallet', 'direct_debit']),
      amount,
      end,
      failed ? 'failed' : 'done',
    ]);
    if (failed) continue;
    if (chance.happens(0.04))
      refund.push([
        refund.length + 1,
        payment.length,
        Math.round(amount / 2),
        chance.pick(cities.refundReasons),
        timeOf(start + 3 * dayMs),
      ]);
    if (chance.happens(0.08)) used.push([payment.length, String(chance.pick(cities.promos)[0])]);
  }
  for (const id of range(300)) {
    const at = timeOf(firstDay + chance.whole(0, days - 1) * dayMs + 9 * 3_600_000);
    payment.push([payment.length + 1, chance.whole(1, riders), null, id, 'direct_debit', chance.pick([1200, 2900, 8900]), at, 'done']);
  }
  return [
    ['trip', trip],
    ['trip_review', review],
    ['payment', payment],
    ['refund', refund],
    ['promo_use', used],
  ];
}

function workOf(chance: Chance): SampleRows {
  const at = () => firstDay + chance.whole(0, days - 3) * dayMs + chance.whole(6, 20) * 3_600_000;
  const incident = range(incidents).map((id) => {
    const kind = chance.pick(['vandalism', 'vandalism', 'theft', 'accident', 'defect', 'defect']);
    const by = chance.happens(0.7) ? chance.whole(1, riders) : null;
    return [
      id,
      chance.whole(1, bicycles),
      chance.whole(1, stations),
      by,
      kind,
      timeOf(at()),
      chance.happens(0.5) ? chance.pick(cities.damages) : null,
    ];
  });
  const technician = range(technicians).map((id) => [
    id,
    `${chance.pick(cities.firstNames)} ${chance.pick(cities.lastNames)}`,
    dayOf(-chance.whole(100, 2000)),
    chance.pick(['wheels', 'brakes', 'motors', 'frames']),
  ]);
  const rota = range(technicians).flatMap((id) =>
    range(28).flatMap((index) => (chance.happens(0.7) ? [[id, dayOf(days - 28 + index), chance.pick(['early', 'late'])]] : [])),
  );
  const part = cities.parts.map(([name, price], index) => [index + 1, name, chance.whole(0, 60), chance.whole(5, 15), price]);
  const job = range(jobs).map((id) => {
    const opened = at();
    const done = chance.happens(0.9);
    const minutes = chance.whole(10, 150);
    const who = done || chance.happens(0.5) ? chance.whole(1, technicians) : null;
    const cause = chance.happens(0.4) ? chance.whole(1, incidents) : null;
    return [
      id,
      chance.whole(1, bicycles),
      who,
      cause,
      timeOf(opened),
      done ? timeOf(opened + chance.whole(2, 70) * 3_600_000) : null,
      done ? minutes : null,
    ];
  });
  const used = range(jobs).flatMap((id) => {
    const first = chance.whole(1, part.length - 2);
    return range(chance.whole(0, 2)).map((index) => [id, first + index, chance.whole(1, 4)]);
  });
  const run = range(420).map((id) => {
    const left = at();
    const from = chance.whole(1, stations);
    return [id, from, (from % stations) + 1, chance.whole(3, 16), timeOf(left), timeOf(left + chance.whole(15, 70) * 60_000)];
  });
  return [
    ['incident', incident],
    ['technician', technician],
    ['rota', rota],
    ['maintenance_job', job],
    ['part', part],
    ['part_used', used],
    ['rebalancing', run],
  ];
}
