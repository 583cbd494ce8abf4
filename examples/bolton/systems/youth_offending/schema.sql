-- Dates are text, DD/MM/YYYY. Surnames are in capitals. Empty cells are empty text, as the screen sends them.
CREATE TABLE CASES (
    CASE_REF   TEXT PRIMARY KEY,
    SURNAME    TEXT NOT NULL,
    FORENAME1  TEXT NOT NULL,
    FORENAME2  TEXT NOT NULL,
    DOB        TEXT NOT NULL,
    SEX        TEXT NOT NULL,   -- M, F, U
    NHSNO      TEXT NOT NULL,
    ADDR1      TEXT NOT NULL,
    ADDR2      TEXT NOT NULL,
    ADDR3      TEXT NOT NULL,
    PCODE      TEXT NOT NULL,
    SCHOOL     TEXT NOT NULL,
    OFFICER    TEXT NOT NULL,
    OFFTEL     TEXT NOT NULL,
    CSTAT      TEXT NOT NULL,   -- A active, C closed, R referred
    OPENED     TEXT NOT NULL,
    CLOSED     TEXT NOT NULL,
    CONC1      TEXT NOT NULL,   -- OFF, SUB, ETE, MH, DV, ASB
    CONC1DT    TEXT NOT NULL,
    CONC2      TEXT NOT NULL,
    CONC2DT    TEXT NOT NULL,
    CONC3      TEXT NOT NULL,
    CONC3DT    TEXT NOT NULL,
    DNP        TEXT NOT NULL,   -- Y: do not pass on
    RISK       TEXT NOT NULL,   -- to staff: T threats, V violence, W weapon, D dog, B building, I infection
    RISKDT     TEXT NOT NULL,
    RISKREV    TEXT NOT NULL,   -- when it was last confirmed
    RISKADV    TEXT NOT NULL,   -- 2 in pairs, E elsewhere, P phone first, S speak to us
    AMENDED    TEXT NOT NULL    -- DD/MM/YYYY HH:MM
);

CREATE TABLE ORDERS (
    ORDER_NO  INTEGER PRIMARY KEY,
    CASE_REF  TEXT NOT NULL,
    OTYPE     TEXT NOT NULL,    -- RO, YRO, YCC, DTO, REP, YISP
    OSTART    TEXT NOT NULL,
    OEND      TEXT NOT NULL,
    OSTAT     TEXT NOT NULL     -- C current, E ended
);

CREATE INDEX CASES_NAME ON CASES (SURNAME COLLATE NOCASE);
CREATE INDEX CASES_BORN ON CASES (DOB);
CREATE INDEX ORDERS_CASE ON ORDERS (CASE_REF);

-- The three concerns of a case one under another, which is all that the vendor would add.
CREATE VIEW CASE_CONCERNS AS
SELECT CASE_REF, CONC1 AS CONC, CONC1DT AS CONCDT, CSTAT FROM CASES WHERE CONC1 <> ''
UNION ALL
SELECT CASE_REF, CONC2, CONC2DT, CSTAT FROM CASES WHERE CONC2 <> ''
UNION ALL
SELECT CASE_REF, CONC3, CONC3DT, CSTAT FROM CASES WHERE CONC3 <> '';
