package io.starfire.event;

import io.starfire.event.Samples.Everything;
import io.starfire.event.Samples.Point;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A record as maps and lists that any JSON library writes. */
final class JsonForm {
  private JsonForm() {}

  static Map<String, Object> of(Everything v) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("text", v.text());
    fields.put("flag", v.flag());
    fields.put("boxedFlag", v.boxedFlag());
    fields.put("small", v.small());
    fields.put("boxedSmall", v.boxedSmall());
    fields.put("large", v.large());
    fields.put("boxedLarge", v.boxedLarge());
    fields.put("single", v.single());
    fields.put("boxedSingle", v.boxedSingle());
    fields.put("wide", v.wide());
    fields.put("boxedWide", v.boxedWide());
    fields.put("time", plain(v.time()));
    fields.put("decimal", plain(v.decimal()));
    fields.put("color", v.color() == null ? null : v.color().name());
    fields.put("maybe", v.maybe().orElse(null));
    fields.put("maybePoint", plain(v.maybePoint()));
    fields.put("point", plain(v.point()));
    fields.put("texts", plain(v.texts()));
    fields.put("grid", plain(v.grid()));
    fields.put("numbers", plain(v.numbers()));
    fields.put("colors", plain(v.colors()));
    return fields;
  }

  private static Object plain(Object value) {
    if (value instanceof Instant instant) {
      return instant.toEpochMilli();
    } else if (value instanceof BigDecimal decimal) {
      return decimal.toString();
    } else if (value instanceof Enum<?> constant) {
      return constant.name();
    } else if (value instanceof Optional<?> optional) {
      return plain(optional.orElse(null));
    } else if (value instanceof Point point) {
      Map<String, Object> fields = new LinkedHashMap<>();
      fields.put("x", point.x());
      fields.put("y", point.y());
      return fields;
    } else if (value instanceof List<?> list) {
      List<Object> items = new ArrayList<>();
      list.forEach(item -> items.add(plain(item)));
      return items;
    } else if (value instanceof Map<?, ?> map) {
      Map<Object, Object> items = new LinkedHashMap<>();
      map.forEach((key, item) -> items.put(key, plain(item)));
      return items;
    }
    return value;
  }
}
