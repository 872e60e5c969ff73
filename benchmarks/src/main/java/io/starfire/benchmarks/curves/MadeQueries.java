package io.starfire.benchmarks.curves;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Queries over {@link MadeRows}, without caches. */
final class MadeQueries {
  private MadeQueries() {}

  /** One of each kind that takes time in another place, by its name. */
  static Map<String, String> ofEachKind(String dataSource) {
    Map<String, String> queries = new LinkedHashMap<>();
    queries.put("sum of all", query(dataSource, "timeseries", ""));
    queries.put(
        "sum where mode and flag",
        query(
            dataSource,
            "timeseries",
            """
            ,'filter':{'type':'and','fields':[
              {'type':'selector','dimension':'mode','value':'3'},
              {'type':'selector','dimension':'flag','value':'1'}]}\
            """));
    queries.put(
        "sum where part",
        query(
            dataSource,
            "timeseries",
            ",'filter':{'type':'selector','dimension':'part','value':'77'}"));
    queries.put("by mode, flag", query(dataSource, "groupBy", ",'dimensions':['mode','flag']"));
    queries.put("top 100 of day", best(dataSource, "day"));
    queries.put("top 100 of part", best(dataSource, "part"));
    queries.put("top 100 of orderKey", best(dataSource, "orderKey"));
    return queries;
  }

  /** The 100 values of each column that have the largest sums. */
  static Map<String, String> best(String dataSource, List<String> columns) {
    Map<String, String> queries = new LinkedHashMap<>();
    columns.forEach(column -> queries.put("top 100 of " + column, best(dataSource, column)));
    return queries;
  }

  private static String best(String dataSource, String column) {
    return query(
        dataSource,
        "topN",
        ",'threshold':100,'metric':'quantity','dimension':'%s'".formatted(column));
  }

  private static String query(String dataSource, String type, String more) {
    return """
    {'queryType':'%s','dataSource':'%s','intervals':'2024-01-01/P10Y','granularity':'all',
     'aggregations':[{'type':'longSum','name':'quantity','fieldName':'quantity'},
       {'type':'doubleSum','name':'price','fieldName':'price'}],
     'context':{'useCache':false,'populateCache':false,'timeout':120000}%s}
    """
        .formatted(type, dataSource, more)
        .replace('\'', '"');
  }
}
