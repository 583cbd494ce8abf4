"""What a database would read whole is read off its plan, as each kind writes it."""

import json

import sqlalchemy as sa
from sqlalchemy.dialects import mysql, postgresql, sqlite

from adapters.sql.mariadb import MariaDriver
from adapters.sql.plans import EXPLAINING, Explained, Scan, scans

# As PostgreSQL 16 and MariaDB 10.11 wrote them for five thousand children with their case files.
POSTGRESQL = [
    {
        "Plan": {
            "Node Type": "Limit",
            "Total Cost": 98.56,
            "Plans": [
                {
                    "Node Type": "Hash Join",
                    "Total Cost": 98.56,
                    "Plans": [
                        {"Node Type": "Seq Scan", "Relation Name": "case_file", "Alias": "cf", "Total Cost": 79.0},
                        {"Node Type": "Index Scan", "Relation Name": "child", "Alias": "child", "Total Cost": 8.3},
                        {"Node Type": "Seq Scan", "Relation Name": "worker", "Alias": "worker", "Total Cost": 1.2},
                    ],
                }
            ],
        }
    }
]
MARIADB = {
    "query_block": {
        "select_id": 1,
        "nested_loop": [
            {"table": {"table_name": "child", "access_type": "ref", "possible_keys": ["child_nhs"], "rows": 1}},
            {"block-nl-join": {"table": {"table_name": "cf", "access_type": "ALL", "rows": 5000, "filtered": 100}}},
            {"table": {"table_name": "worker", "access_type": "ALL", "possible_keys": ["PRIMARY"], "rows": 4}},
        ],
    }
}
MYSQL = {"query_block": {"table": {"table_name": "child", "access_type": "ALL", "rows_examined_per_scan": 4974}}}


def test_postgresql_names_what_it_reads_whole_unless_that_is_small() -> None:
    wanted = [Scan(table="cf")]
    assert scans("postgresql", [[json.dumps(POSTGRESQL)]]) == wanted
    assert scans("postgresql", [[POSTGRESQL]]) == wanted


def test_mariadb_and_mysql_name_what_no_index_could_serve_with_the_number_of_rows() -> None:
    assert scans("mysql", [[json.dumps(MARIADB)]]) == [Scan(table="cf", rows=5000)]
    assert scans("mysql", [[json.dumps(MYSQL).encode()]]) == [Scan(table="child", rows=4974)]


def test_sqlite_names_what_it_scans_and_what_it_makes_an_index_for_each_time() -> None:
    said = (
        "SCAN child",
        "SEARCH case_file AS cf USING AUTOMATIC COVERING INDEX (child_id=?)",
        "SEARCH worker USING INTEGER PRIMARY KEY (rowid=?)",
        "SCAN TABLE old AS older",
        "SCAN CONSTANT ROW",
        "USE TEMP B-TREE FOR ORDER BY",
    )
    rows = [(number, 0, 0, text) for number, text in enumerate(said)]
    assert scans("sqlite", rows) == [Scan(table="child"), Scan(table="cf"), Scan(table="older")]


def test_nothing_is_read_out_of_no_plan() -> None:
    assert [scans(kind, []) for kind in EXPLAINING] == [[], [], [], []]


def test_a_plan_is_asked_for_with_the_parameters_of_the_question_itself() -> None:
    child = sa.table("child", sa.column("nhs"))
    statement = sa.select(child.c.nhs).where(child.c.nhs == sa.bindparam("nhs_number", type_=sa.String()))
    for kind, dialect in (("sqlite", sqlite), ("postgresql", postgresql), ("mysql", mysql)):
        compiled = Explained(statement, EXPLAINING[kind]).compile(dialect=dialect.dialect())
        assert str(compiled).startswith(f"{EXPLAINING[kind]} SELECT child.nhs")
        assert set(compiled.params) == {"nhs_number"}


def test_what_is_read_from_end_to_end_stands_where_mariadb_and_mysql_each_write_it() -> None:
    driver = MariaDriver(sa.make_url("mariadb+asyncmy://127.0.0.1/care"), read_ms=1000)
    # id, select_type, table, [partitions,] type, possible_keys, key, key_len, ref, rows, [filtered,] Extra
    mariadb = [
        (1, "SIMPLE", "child", "ALL", None, None, None, None, 5000, "Using where"),
        (1, "SIMPLE", "cf", "ref", "ALL", "ALL", "5", "care.child.id", 1, ""),
    ]
    mysql_8 = [
        (1, "SIMPLE", "child", None, "ALL", None, None, None, None, 5000, 10.0, "Using where"),
        (1, "SIMPLE", "cf", "ALL", "ref", "child", "child", "5", "care.child.id", 1, 100.0, None),
    ]
    assert driver.read_whole(mariadb) == driver.read_whole(mysql_8) == ["child"]
