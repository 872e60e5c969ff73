package io.starfire.jobs.ads;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.starfire.common.Times;
import java.nio.charset.StandardCharsets;
import java.time.Instant;

/** Writes events as the JSON that arrives on the topics; what is null is left out. */
final class AdJson {

  private AdJson() {}

  static byte[] impression(Impression impression) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    put(json, "impressionId", impression.impressionId());
    put(json, "servedAt", text(impression.servedAt()));
    put(json, "advertiserId", impression.advertiserId());
    put(json, "publisher", impression.publisher());
    put(json, "city", impression.city());
    json.put("price", impression.price());
    return bytes(json);
  }

  static byte[] click(Click click) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    put(json, "impressionId", click.impressionId());
    put(json, "clickedAt", text(click.clickedAt()));
    return bytes(json);
  }

  /** An object that breaks off. */
  static byte[] undecodable(String impressionId) {
    return "{\"impressionId\":\"%s\",\"pri"
        .formatted(impressionId)
        .getBytes(StandardCharsets.UTF_8);
  }

  private static void put(ObjectNode json, String name, String value) {
    if (value != null) {
      json.put(name, value);
    }
  }

  private static String text(Instant time) {
    return time == null ? null : Times.format(time.toEpochMilli());
  }

  private static byte[] bytes(ObjectNode json) {
    return json.toString().getBytes(StandardCharsets.UTF_8);
  }
}
