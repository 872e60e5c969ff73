package io.starfire.testkit;

import java.util.StringJoiner;

/** Writes things as a producer would; what is null is left out. */
final class ThingJson {
  private ThingJson() {}

  static String write(Thing thing) {
    StringJoiner json = new StringJoiner(",", "{", "}");
    text(json, "id", thing.id());
    text(json, "at", thing.at().toString());
    text(json, "left", thing.left());
    text(json, "right", thing.right());
    json.add("\"number\":" + thing.number());
    json.add("\"flag\":" + thing.flag());
    return json.toString();
  }

  private static void text(StringJoiner json, String name, String value) {
    if (value != null) {
      json.add("\"" + name + "\":\"" + value + "\"");
    }
  }
}
