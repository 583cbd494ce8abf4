CREATE TABLE address (
    address_id  INTEGER PRIMARY KEY,
    line_1      TEXT NOT NULL,
    line_2      TEXT,
    post_town   TEXT NOT NULL,
    post_code   TEXT NOT NULL
);

CREATE TABLE person (
    person_id         INTEGER PRIMARY KEY,
    first_name        TEXT NOT NULL,
    last_name         TEXT NOT NULL,
    known_as          TEXT,
    former_last_name  TEXT,
    date_of_birth     TEXT NOT NULL,              -- YYYY-MM-DD
    gender_code       INTEGER NOT NULL,           -- 1 male, 2 female, 9 not stated
    nhs_no            TEXT,                       -- as copied from the letter: with blanks or without
    upn               TEXT,
    gp_surgery        TEXT,
    school_name       TEXT,
    restricted        TEXT NOT NULL DEFAULT 'N',  -- Y: nobody outside may learn that this child is known here
    adopted           TEXT NOT NULL DEFAULT 'N',  -- Y: the record of before an adoption, sealed
    address_withheld  TEXT NOT NULL DEFAULT 'N',  -- Y: where the child lives must not be told (refuge, non-molestation order)
    authority         TEXT NOT NULL DEFAULT 'BOL',-- whose child: BOL, or OTH for one whom another authority has placed here
    updated_on        TEXT NOT NULL
);

CREATE TABLE address_history (
    person_id   INTEGER NOT NULL REFERENCES person,
    address_id  INTEGER NOT NULL REFERENCES address,
    from_date   TEXT NOT NULL,
    to_date     TEXT
);

CREATE TABLE team (
    team_id    INTEGER PRIMARY KEY,
    team_name  TEXT NOT NULL
);

CREATE TABLE worker (
    worker_id  INTEGER PRIMARY KEY,
    team_id    INTEGER NOT NULL REFERENCES team,
    full_name  TEXT NOT NULL,
    phone      TEXT NOT NULL
);

CREATE TABLE involvement (
    involvement_id  INTEGER PRIMARY KEY,
    person_id       INTEGER NOT NULL REFERENCES person,
    worker_id       INTEGER NOT NULL REFERENCES worker,
    status_code     TEXT NOT NULL,                -- OPN, CLS, REF
    start_date      TEXT NOT NULL,
    end_date        TEXT
);

CREATE TABLE plan (
    plan_id     INTEGER PRIMARY KEY,
    person_id   INTEGER NOT NULL REFERENCES person,
    plan_type   TEXT NOT NULL,                    -- CIN, CP, LAC, PATH
    start_date  TEXT NOT NULL
);

CREATE TABLE concern (
    concern_id     INTEGER PRIMARY KEY,
    person_id      INTEGER NOT NULL REFERENCES person,
    category_code  TEXT NOT NULL,                 -- NEG, PHY, EMO, CSE, DVA, SUB, MEN
    raised_on      TEXT NOT NULL,
    closed_on      TEXT
);

CREATE TABLE consent (
    consent_id  INTEGER PRIMARY KEY,
    person_id   INTEGER NOT NULL REFERENCES person,
    outcome     TEXT NOT NULL,                    -- GVN given, REF refused, WDN withdrawn, AWT form awaited
    given_by    TEXT NOT NULL,                    -- YP young person, PR parent
    decided_on  TEXT NOT NULL,
    expires_on  TEXT,
    review_on   TEXT,
    covers      TEXT NOT NULL                     -- ALL, or codes with a stroke between: SVC services, CON concerns, WRN warnings
);

-- What was shared of a child's record through the hub: the one table into which the agency's adapter may write. Whoever opens the
-- child's record sees it there.
CREATE TABLE sharing_log (
    sharing_id   INTEGER PRIMARY KEY,
    person_id    INTEGER NOT NULL REFERENCES person,
    shared_at    TEXT NOT NULL,                   -- UTC, as in 2026-11-24T09:30:00+00:00
    shared_with  TEXT NOT NULL,                   -- the requester's agency
    role         TEXT NOT NULL,                   -- the requester's access level
    question     TEXT NOT NULL,
    purpose      TEXT NOT NULL,
    details      TEXT NOT NULL,                   -- names of the fields that were disclosed
    request_id   TEXT NOT NULL,                   -- the hub's name of the request, by which its auditors find it
    UNIQUE (request_id, question, person_id)
);

-- What the data team is to look into: records of which the hub says that other agencies hold something else.
CREATE TABLE record_check (
    notice_id   TEXT PRIMARY KEY,                 -- as `adapter journal notices` lists it
    person_id   TEXT NOT NULL,                    -- a person, or several with commas between
    noticed_at  TEXT NOT NULL,                    -- UTC
    kind        TEXT NOT NULL,                    -- difference, judgement
    field       TEXT NOT NULL,
    others      TEXT NOT NULL,                    -- how many other agencies hold something else
    word        TEXT NOT NULL,                    -- what a requester said: same, not_same
    request_id  TEXT NOT NULL
);

-- For those who visit.
CREATE TABLE caution (
    caution_id    INTEGER PRIMARY KEY,
    person_id     INTEGER NOT NULL REFERENCES person,
    kind          TEXT NOT NULL,                  -- THR, VIO, WPN, DOG, BLD, INF
    since         TEXT NOT NULL,
    confirmed_on  TEXT NOT NULL,
    advice        TEXT NOT NULL                   -- 2UP visit in pairs, OFF meet elsewhere, TEL telephone first, ASK ask us
);

CREATE INDEX person_by_name ON person (last_name COLLATE NOCASE, date_of_birth);
CREATE INDEX person_by_birth ON person (date_of_birth);
CREATE INDEX address_history_by_person ON address_history (person_id);
CREATE INDEX involvement_by_person ON involvement (person_id);
CREATE INDEX concern_by_person ON concern (person_id);
CREATE INDEX caution_by_person ON caution (person_id);
CREATE INDEX consent_by_person ON consent (person_id, decided_on);

-- The reporting views are what the agency's data team made for the adapter: one row a child, NHS numbers without blanks.
CREATE VIEW reporting_child AS
SELECT p.person_id, p.first_name, p.last_name, p.date_of_birth, p.gender_code, replace(p.nhs_no, ' ', '') AS nhs_number,
       p.upn, p.gp_surgery, p.school_name, p.restricted, p.adopted, p.address_withheld, p.authority, p.updated_on,
       a.line_1, a.line_2, a.post_town, a.post_code
FROM person p
LEFT JOIN address_history h ON h.person_id = p.person_id AND h.to_date IS NULL
LEFT JOIN address a ON a.address_id = h.address_id;

-- What was said last about letting a child's record leave.
CREATE VIEW reporting_consent AS
SELECT c.* FROM consent c
WHERE c.consent_id = (
    SELECT consent_id FROM consent WHERE person_id = c.person_id ORDER BY decided_on DESC, consent_id DESC LIMIT 1
);

CREATE VIEW reporting_involvement AS
SELECT i.involvement_id, i.person_id, i.status_code, i.start_date, i.end_date, t.team_name, w.full_name, w.phone
FROM involvement i
JOIN worker w ON w.worker_id = i.worker_id
JOIN team t ON t.team_id = w.team_id;

-- A concern is shown with whoever worked with the child last.
CREATE VIEW reporting_concern AS
SELECT c.concern_id, c.person_id, c.category_code, c.raised_on, CASE WHEN c.closed_on IS NULL THEN 'O' ELSE 'C' END AS state,
       i.team_name, i.full_name, i.phone
FROM concern c
JOIN reporting_involvement i ON i.involvement_id = (
    SELECT involvement_id FROM involvement WHERE person_id = c.person_id ORDER BY start_date DESC, involvement_id DESC LIMIT 1
);
