"""ClickHouse in this process (chdb), asked by benchmarks/run peers over standard input.

Arguments: the directory of the database, the file of lineitem, threads. Two tables are made if they are not
there, both ordered by the day of shipping: one with texts as String, one as LowCardinality(String) but for
the comment. Each line of input is a table's name, a tab and a query over the table "lineitem". The answer
is one line of JSON: {"nanos": ..., "rows": [...]} or {"error": ...}.
"""

import json
import re
import sys
import time

from chdb import session

TEXTS = ["l_orderkey", "l_partkey", "l_suppkey", "l_linenumber"]
NUMBERS = ["l_quantity Int64", "l_extendedprice Float64", "l_discount Float64", "l_tax Float64"]
MORE = ["l_returnflag", "l_linestatus", "l_shipdate", "l_commitdate", "l_receiptdate", "l_shipinstruct", "l_shipmode"]


def columns(text):
    return ", ".join([f"{c} {text}" for c in TEXTS] + NUMBERS + [f"{c} {text}" for c in MORE] + ["l_comment String"])


def load(db, lines, table, text):
    if int(str(db.query(f"exists table {table}", "TSV")).strip()):
        return
    quoted = lines.replace("\\", "\\\\").replace("'", "\\'")
    db.query(f"create table {table} (l_ts Date, {columns(text)}) engine = MergeTree order by l_ts")
    # Without the setting, comments would lose their first blank.
    db.query(
        f"insert into {table} select toDate(l_shipdate), * from file('{quoted}', 'CSV', '{columns('String')}')"
        " settings format_csv_delimiter = '|', input_format_csv_trim_whitespaces = 0"
    )
    db.query(f"optimize table {table} final")


def main():
    directory, lines, threads = sys.argv[1:4]
    db = session.Session(directory)
    load(db, lines, "lineitem_string", "String")
    load(db, lines, "lineitem_low", "LowCardinality(String)")
    settings = (
        f" settings max_threads = {int(threads)}, use_query_cache = 0, use_uncompressed_cache = 0,"
        " output_format_json_quote_64bit_integers = 0"
    )
    print("@@ ready", flush=True)
    for line in sys.stdin:
        table, query = line.rstrip("\n").split("\t", 1)
        text = re.sub(r"\bfrom lineitem\b", f"from {table}", query) + settings
        start = time.perf_counter_ns()
        try:
            answer = db.query(text, "JSONCompact").bytes()
            nanos = time.perf_counter_ns() - start
            said = {"nanos": nanos, "rows": json.loads(answer)["data"]}
        except Exception as e:
            said = {"error": " ".join(str(e).split())}
        print("@@ " + json.dumps(said), flush=True)


main()
