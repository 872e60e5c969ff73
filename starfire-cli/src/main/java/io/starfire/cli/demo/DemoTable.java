package io.starfire.cli.demo;

import io.starfire.common.Times;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;

/** Prints the numbers of each hour beside the truth. */
final class DemoTable {
  private static final int HOUR_FROM = 11;
  private static final int HOUR_TO = 16;

  private final PrintWriter out;

  DemoTable(PrintWriter out) {
    this.out = out;
  }

  /**
   * @param served what the server answers, of the hours in order
   * @param truth what it should answer by now
   */
  void print(String title, List<Long> starts, List<HourNumbers> served, List<HourNumbers> truth) {
    out.println();
    out.println(title);
    out.println(
        "  hour   | impressions      truth |    clicks      truth |      revenue        truth | gap in clicks");
    for (int i = 0; i < starts.size(); i++) {
      HourNumbers now = served.get(i);
      HourNumbers should = truth.get(i);
      out.printf(
          Locale.ROOT,
          "  %s  | %11d %10d | %9d %10d | %12.2f %12.2f | %s%n",
          Times.format(starts.get(i)).substring(HOUR_FROM, HOUR_TO),
          now.impressions(),
          should.impressions(),
          now.clicks(),
          should.clicks(),
          now.revenue(),
          should.revenue(),
          now.equals(should) ? "zero: exact" : gap(now.clicks(), should.clicks()));
    }
    out.flush();
  }

  private static String gap(long served, long truth) {
    return truth == 0
        ? "-"
        : String.format(
            Locale.ROOT, "%d (%.1f %%)", truth - served, 100.0 * (truth - served) / truth);
  }
}
