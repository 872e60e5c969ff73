package io.starfire.serving.http;

import java.util.regex.Pattern;

/** The ids of queries in headers. Stateless. */
final class QueryIds {
  static final String HEADER = "X-Druid-Query-Id";
  static final String SQL_HEADER = "X-Druid-SQL-Query-Id";

  private static final Pattern PLAIN = Pattern.compile("[\\x21-\\x7e]{1,256}");

  private QueryIds() {}

  /** Whether an id may stand in a header; a query of another is answered under one of our own. */
  static boolean fitsHeader(String id) {
    return PLAIN.matcher(id).matches();
  }
}
