package io.starfire.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import java.util.Locale;

/**
 * Prints the preview of a publication: one line for each bucket and number, so that any number of
 * metrics fits a terminal.
 */
final class PreviewTable {
  private static final String LINE = "%-49s  %-20s %18s %18s %18s%n";

  private PreviewTable() {}

  static void print(JsonNode preview, PrintWriter out) {
    out.printf(
        "publication %s, staged, compared with view %d%n",
        preview.path("publication").asText(), preview.path("viewNumber").asLong());
    for (JsonNode dataSource : preview.path("dataSources")) {
      out.printf("%ndata source %s%n", dataSource.path("dataSource").asText());
      out.printf(Locale.ROOT, LINE, "bucket", "", "now", "staged", "difference");
      for (JsonNode bucket : dataSource.path("buckets")) {
        print(bucket.path("interval").asText(), bucket.path("values"), out);
      }
      print("total", dataSource.path("total"), out);
    }
    out.flush();
  }

  private static void print(String title, JsonNode values, PrintWriter out) {
    line(title, "rows", values.path("rows"), out);
    values
        .path("metrics")
        .properties()
        .forEach(metric -> line("", metric.getKey(), metric.getValue(), out));
  }

  private static void line(String title, String name, JsonNode change, PrintWriter out) {
    out.printf(
        Locale.ROOT,
        LINE,
        title,
        name,
        number(change.path("now"), ""),
        number(change.path("staged"), ""),
        number(change.path("difference"), "+"));
  }

  private static String number(JsonNode value, String sign) {
    if (value.isIntegralNumber()) {
      return String.format(Locale.ROOT, "%" + sign + "d", value.asLong());
    }
    // What is not finite travels as text.
    return value.isNumber()
        ? String.format(Locale.ROOT, "%" + sign + ".4f", value.asDouble())
        : value.asText("-").replace("null", "-");
  }
}
