"""What a database would read whole is read off its plan, as each kind writes it."""

import json

from adapters.sql.database import Scan
from adapters.sql.plans import EXPLAINING, scans

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


def test_postgresql_names_what_it_reads_whole_and_wants_no_index_for_what_is_small() -> None:
    wanted = [Scan(table="cf"), Scan(table="worker", wants_index=False)]
    assert scans("postgresql", [[json.dumps(POSTGRESQL)]]) == wanted
    assert scans("postgresql", [[POSTGRESQL]]) == wanted


def test_mariadb_and_mysql_name_what_they_read_whole_with_the_rows_and_whether_an_index_could_serve() -> None:
    served = Scan(table="worker", rows=4, wants_index=False)
    assert scans("mysql", [[json.dumps(MARIADB)]]) == [Scan(table="cf", rows=5000), served]
    assert scans("mysql", [[json.dumps(MYSQL).encode()]]) == [Scan(table="child", rows=4974)]


def test_sqlite_names_what_it_scans_and_what_it_makes_an_index_for_each_time() -> None:
    said = (
        "SCAN child",
        "SEARCH case_file AS cf USING AUTOMATIC COVERING INDEX (child_id=?)",
        "SEARCH worker USING INTEGER PRIMARY KEY (rowid=?)",
        "SCAN TABLE old AS older",
        "SCAN names VIRTUAL TABLE INDEX 0:",
        "SCAN CONSTANT ROW",
        "USE TEMP B-TREE FOR ORDER BY",
    )
    virtual = Scan(table="names", wants_index=False)
    rows = [(number, 0, 0, text) for number, text in enumerate(said)]
    assert scans("sqlite", rows) == [Scan(table="child"), Scan(table="cf"), Scan(table="older"), virtual]


def test_nothing_is_read_out_of_no_plan() -> None:
    assert [scans(kind, []) for kind in EXPLAINING] == [[], [], [], []]
