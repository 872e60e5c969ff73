package io.starfire.serving.server;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Function;

/** Edits of a wiki at random, as JSON and as what their groups must sum up to. */
final class WikiRows {
  private static final String[] CHANNELS = {
    "#en.wikipedia", "#ca.wikipedia", "#uk.wikipedia", "#zh"
  };
  private static final String[] PAGES = {
    "Talk:Oswald Tilghman",
    "Rallicula",
    "Україна",
    "日本語",
    "🚀 page",
    "a \"quoted\" page",
    "tab\tpage",
    ""
  };
  private static final String[] USERS = {
    "GELongstreet", "PereBot", "60.225.66.142", "Ніхто", "null"
  };

  private final Random random;
  private final List<Map<String, Object>> rows = new ArrayList<>();

  WikiRows(long seed) {
    this.random = new Random(seed);
  }

  /** Makes further rows, and returns them as JSON. */
  List<String> more(int count) {
    List<String> made = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Map<String, Object> row = row();
      rows.add(row);
      made.add(json(row));
    }
    return made;
  }

  private Map<String, Object> row() {
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("channel", pick(CHANNELS));
    row.put("cityName", random.nextInt(10) == 0 ? "Zürich" : null);
    row.put("page", pick(PAGES) + random.nextInt(30));
    row.put("isRobot", random.nextBoolean());
    if (random.nextInt(20) != 0) {
      row.put("user", random.nextInt(15) == 0 ? null : pick(USERS));
    }
    if (rows.size() > 500 && random.nextInt(4) == 0) {
      row.put("metroCode", random.nextInt(900));
    }
    if (random.nextInt(6) == 0) {
      row.put("flags", Map.of("nested", random.nextInt(3)));
    }
    int delta = random.nextInt(2_000) - 1_000;
    row.put("delta", delta);
    row.put("added", Math.max(0, delta));
    row.put("deleted", Math.max(0, -delta));
    row.put(
        "time",
        "2015-09-12T%02d:%02d:%02d.%03dZ"
            .formatted(
                random.nextInt(24), random.nextInt(60), random.nextInt(60), random.nextInt(1000)));
    return row;
  }

  private String pick(String[] values) {
    return values[random.nextInt(values.length)];
  }

  private static String json(Map<String, Object> row) {
    StringBuilder json = new StringBuilder("{");
    row.forEach(
        (name, value) -> {
          json.append(json.length() == 1 ? "" : ",").append('"').append(name).append("\":");
          if (value instanceof Map<?, ?> nested) {
            json.append("{\"nested\":").append(nested.get("nested")).append('}');
          } else if (value instanceof String text) {
            String escaped = text.replace("\"", "\\\"").replace("\t", "\\t");
            json.append('"').append(escaped).append('"');
          } else {
            json.append(value);
          }
        });
    return json.append('}').toString();
  }

  int size() {
    return rows.size();
  }

  long sum(String field) {
    return rows.stream().mapToLong(row -> (Integer) row.get(field)).sum();
  }

  /**
   * For each value of a dimension its rows and what was added; null is 'null' in the map's keys.
   */
  Map<String, List<Long>> groups(Function<Map<String, Object>, String> key) {
    Map<String, List<Long>> groups = new TreeMap<>();
    for (Map<String, Object> row : rows) {
      groups.merge(
          String.valueOf(key.apply(row)),
          List.of(1L, (long) (Integer) row.get("added")),
          (a, b) -> List.of(a.get(0) + b.get(0), a.get(1) + b.get(1)));
    }
    return groups;
  }
}
