/** The tables of the sample: a scheme that hires out bicycles in a city. What they hold is said in comments, as people do in SQLite. */
export const schemaSql = `
CREATE TABLE district ( -- A part of the city, with the people who live there
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  inhabitants INTEGER NOT NULL, -- At the last census
  area_km2 REAL NOT NULL
) STRICT;

CREATE TABLE station ( -- A place in the street where bicycles are taken and brought back
  id INTEGER PRIMARY KEY,
  district_id INTEGER NOT NULL REFERENCES district (id),
  name TEXT NOT NULL UNIQUE,
  lat REAL NOT NULL, -- Degrees north
  lon REAL NOT NULL, -- Degrees east
  opened_on TEXT NOT NULL,
  closed_on TEXT -- NULL while it is in use
) STRICT;

CREATE TABLE dock ( -- One slot of a station that locks one bicycle
  station_id INTEGER NOT NULL REFERENCES station (id),
  number INTEGER NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('ok', 'out_of_order')), -- out_of_order: cannot lock
  PRIMARY KEY (station_id, number)
) STRICT, WITHOUT ROWID;

CREATE TABLE bicycle_model ( -- A kind of bicycle that the scheme buys
  id INTEGER PRIMARY KEY,
  maker TEXT NOT NULL,
  name TEXT NOT NULL,
  electric INTEGER NOT NULL CHECK (electric IN (0, 1)), -- 1: it has a motor
  price_cents INTEGER NOT NULL -- What one costs new
) STRICT;

CREATE TABLE bicycle ( -- One bicycle of the fleet
  id INTEGER PRIMARY KEY,
  model_id INTEGER NOT NULL REFERENCES bicycle_model (id),
  frame_no TEXT NOT NULL UNIQUE, -- Stamped under the bottom bracket
  bought_on TEXT NOT NULL,
  retired_on TEXT, -- NULL while it is in the fleet
  station_id INTEGER REFERENCES station (id) -- Where it stands now; NULL while somebody rides it
) STRICT;

CREATE TABLE rider ( -- A customer who has an account and may take a bicycle
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL,
  email TEXT NOT NULL UNIQUE,
  born_on TEXT,
  joined_on TEXT NOT NULL,
  invited_by INTEGER REFERENCES rider -- Who brought them
) STRICT;

CREATE TABLE membership_plan ( -- What a membership costs and includes
  code TEXT PRIMARY KEY,
  title TEXT NOT NULL,
  months INTEGER NOT NULL, -- How long it runs
  price_cents INTEGER NOT NULL,
  free_minutes INTEGER NOT NULL -- Included in every trip
) STRICT, WITHOUT ROWID;

CREATE TABLE membership ( -- The subscription of a customer from a day to a day; it lapses when it is not renewed
  id INTEGER PRIMARY KEY,
  rider_id INTEGER NOT NULL REFERENCES rider (id),
  plan_code TEXT NOT NULL REFERENCES membership_plan (code),
  starts_on TEXT NOT NULL,
  ends_on TEXT NOT NULL,
  renewed INTEGER NOT NULL CHECK (renewed IN (0, 1)) -- 0: let go
) STRICT;

CREATE TABLE trip ( -- One ride from where a bicycle was taken to where it was brought back
  id INTEGER PRIMARY KEY,
  rider_id INTEGER NOT NULL REFERENCES rider (id),
  bicycle_id INTEGER NOT NULL REFERENCES bicycle (id),
  start_station_id INTEGER NOT NULL REFERENCES station (id),
  end_station_id INTEGER REFERENCES station (id), -- NULL while it goes on
  started_at TEXT NOT NULL,
  ended_at TEXT,
  minutes INTEGER,
  metres INTEGER
) STRICT;
CREATE INDEX trip_by_rider ON trip (rider_id, started_at);
CREATE INDEX trip_by_start ON trip (start_station_id, started_at);

CREATE TABLE trip_review ( -- What riders think of a trip: one to five stars, and words if they wrote any
  trip_id INTEGER PRIMARY KEY REFERENCES trip (id),
  stars INTEGER NOT NULL CHECK (stars BETWEEN 1 AND 5),
  words TEXT
) STRICT;

CREATE TABLE payment ( -- Money asked of a rider for a trip or a membership
  id INTEGER PRIMARY KEY,
  rider_id INTEGER NOT NULL REFERENCES rider (id),
  trip_id INTEGER REFERENCES trip (id),
  membership_id INTEGER REFERENCES membership (id),
  method TEXT NOT NULL CHECK (method IN ('card', 'wallet', 'direct_debit')),
  amount_cents INTEGER NOT NULL,
  paid_at TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('done', 'failed')) -- failed: the bank refused it
) STRICT;

CREATE TABLE refund ( -- Money given back to a rider, in part or whole
  id INTEGER PRIMARY KEY,
  payment_id INTEGER NOT NULL REFERENCES payment (id),
  amount_cents INTEGER NOT NULL,
  reason TEXT NOT NULL,
  refunded_at TEXT NOT NULL
) STRICT;

CREATE TABLE incident ( -- Damage, theft, vandalism and accidents that were reported
  id INTEGER PRIMARY KEY,
  bicycle_id INTEGER REFERENCES bicycle (id),
  station_id INTEGER REFERENCES station (id), -- Where it happened
  reported_by INTEGER REFERENCES rider (id),
  kind TEXT NOT NULL CHECK (kind IN ('vandalism', 'theft', 'accident', 'defect')),
  reported_at TEXT NOT NULL,
  note TEXT
) STRICT;

CREATE TABLE technician ( -- Somebody who repairs bicycles in the workshop
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL,
  hired_on TEXT NOT NULL,
  speciality TEXT NOT NULL -- Such as wheels, brakes or motors
) STRICT;

CREATE TABLE rota ( -- Who of the workshop works when: early and late shifts
  technician_id INTEGER NOT NULL REFERENCES technician (id),
  on_day TEXT NOT NULL,
  slot TEXT NOT NULL CHECK (slot IN ('early', 'late')),
  PRIMARY KEY (technician_id, on_day)
) STRICT, WITHOUT ROWID;

CREATE TABLE maintenance_job ( -- Work on one bicycle: a service when it is due, or a repair
  id INTEGER PRIMARY KEY,
  bicycle_id INTEGER NOT NULL REFERENCES bicycle (id),
  technician_id INTEGER REFERENCES technician (id), -- NULL until somebody takes it
  incident_id INTEGER REFERENCES incident (id), -- What made it necessary, for a repair
  opened_at TEXT NOT NULL,
  finished_at TEXT,
  minutes INTEGER -- Of work
) STRICT;

CREATE TABLE part ( -- Spare parts on the shelf, and below which number more are ordered
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  on_hand INTEGER NOT NULL,
  reorder_level INTEGER NOT NULL,
  price_cents INTEGER NOT NULL
) STRICT;

CREATE TABLE part_used ( -- Which parts went into a job
  job_id INTEGER NOT NULL REFERENCES maintenance_job (id),
  part_id INTEGER NOT NULL REFERENCES part (id),
  pieces INTEGER NOT NULL,
  PRIMARY KEY (job_id, part_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE rebalancing ( -- Runs of the vans that carry bicycles from full stations to empty ones
  id INTEGER PRIMARY KEY,
  from_station_id INTEGER NOT NULL REFERENCES station (id),
  to_station_id INTEGER NOT NULL REFERENCES station (id),
  moved INTEGER NOT NULL, -- How many cycles were on the van
  left_at TEXT NOT NULL,
  arrived_at TEXT NOT NULL
) STRICT;

CREATE TABLE soc_reading ( -- State of charge of the batteries, sent by electric bicycles
  bicycle_id INTEGER NOT NULL REFERENCES bicycle (id),
  read_at TEXT NOT NULL,
  pct INTEGER NOT NULL CHECK (pct BETWEEN 0 AND 100), -- 100: full
  PRIMARY KEY (bicycle_id, read_at)
) STRICT, WITHOUT ROWID;

CREATE TABLE weather_day ( -- The weather of each day in the city
  day TEXT PRIMARY KEY,
  low_c REAL NOT NULL,
  high_c REAL NOT NULL,
  rain_mm REAL NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE cs_case ( -- Messages of customers to the office, mostly complaints, and when they were answered
  id INTEGER PRIMARY KEY,
  rider_id INTEGER REFERENCES rider (id),
  topic TEXT NOT NULL,
  body TEXT NOT NULL,
  received_at TEXT NOT NULL,
  answered_at TEXT -- NULL while they wait
) STRICT;

CREATE TABLE promo ( -- Codes on vouchers that lower the price, mostly for new customers
  code TEXT PRIMARY KEY,
  percent INTEGER NOT NULL, -- Off the price
  valid_until TEXT NOT NULL,
  given_out INTEGER NOT NULL -- How many
) STRICT, WITHOUT ROWID;

CREATE TABLE promo_use ( -- A code that was taken off a payment
  payment_id INTEGER PRIMARY KEY REFERENCES payment (id),
  promo_code TEXT NOT NULL REFERENCES promo (code)
) STRICT;

CREATE VIEW station_load AS -- Free and taken docks of each station
SELECT s.id AS station_id, s.name, count(DISTINCT d.number) AS docks, count(DISTINCT b.id) AS bicycles
FROM station s JOIN dock d ON d.station_id = s.id LEFT JOIN bicycle b ON b.station_id = s.id AND b.retired_on IS NULL
GROUP BY s.id, s.name;
`;
