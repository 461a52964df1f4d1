import type { PublishedCatalog, PublishedTable } from '../../src/server/engines/guard.ts';

const tables = {
  riders: 'id name email city plan born joined referred_by tags profile',
  stations: 'id name city lat lon docks opened',
  bikes: 'id model station_id bought price electric',
  rides: 'id rider_id bike_id from_station to_station started ended km fare rating',
  payments: 'id ride_id amount method status paid_at',
  repairs: 'id bike_id reported closed cost note',
  staff: 'id name boss_id station_id',
  shifts: 'id staff_id day hours',
  bikes_in_city: 'city name bikes',
};

const others = { depots: 'id name', vans: 'id plate depot_id' };

/** What is published of the database of the statements, for guards that are tested without a server. */
export function bikesCatalog(schema: string, upperCase = false): PublishedCatalog {
  const fold = (name: string) => (upperCase ? name.toUpperCase() : name);
  const table = (in_: string, name: string, columns: string): PublishedTable => ({
    schema: in_,
    name: fold(name),
    kind: 'table',
    columns: columns.split(' ').map(fold),
  });
  return {
    tables: [
      ...Object.entries(tables).map(([name, columns]) => table(schema, name, columns)),
      ...Object.entries(others).map(([name, columns]) => table(fold('ops'), name, columns)),
    ],
  };
}
