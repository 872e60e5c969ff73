package io.starfire.jobs.ads;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The advertisers that the generator draws from, most of which the lookup knows. */
final class AdvertiserTable {
  /** How many ids there are; the last {@link #NOT_LISTED} are not in the lookup. */
  static final int IDS = 40;

  static final int NOT_LISTED = 4;

  private static final List<String> FIRST =
      List.of("Blue", "Granite", "Harbour", "Juniper", "Larkspur", "Meadow");
  private static final List<String> SECOND =
      List.of("Airlines", "Bank", "Books, Inc.", "Coffee", "Motors", "\"Best\" Shoes");
  private static final List<String> INDUSTRIES =
      List.of("travel", "finance", "retail", "food", "cars", "fashion");

  private AdvertiserTable() {}

  static String id(int rank) {
    return "adv-%02d".formatted(rank + 1);
  }

  /** The names by id, as the lookup has them. */
  static Map<String, Advertiser> listed() {
    Map<String, Advertiser> table = new LinkedHashMap<>();
    for (int rank = 0; rank < IDS - NOT_LISTED; rank++) {
      int second = rank / FIRST.size();
      String name = FIRST.get(rank % FIRST.size()) + " " + SECOND.get(second);
      table.put(id(rank), new Advertiser(id(rank), name, INDUSTRIES.get(second)));
    }
    return table;
  }

  /** CSV with a header; fields with commas or quotes are quoted. */
  static String csv() {
    StringBuilder csv = new StringBuilder("advertiserId,name,industry\n");
    for (Advertiser advertiser : listed().values()) {
      csv.append(quoted(advertiser.advertiserId()))
          .append(',')
          .append(quoted(advertiser.name()))
          .append(',')
          .append(quoted(advertiser.industry()))
          .append('\n');
    }
    return csv.toString();
  }

  private static String quoted(String field) {
    return field.contains(",") || field.contains("\"")
        ? '"' + field.replace("\"", "\"\"") + '"'
        : field;
  }
}
