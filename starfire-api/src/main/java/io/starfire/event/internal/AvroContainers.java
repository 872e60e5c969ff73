package io.starfire.event.internal;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import io.starfire.common.Utf8Order;
import java.util.AbstractMap.SimpleImmutableEntry;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.avro.Schema;

/**
 * The Avro forms of lists, maps, optionals and enums. Written canonically, so in one block and with
 * map keys in the order of their UTF-8 bytes; read in any form that Avro allows.
 */
final class AvroContainers {
  /** A list grows as items are read; a count alone reserves no more than this. */
  private static final int MAX_RESERVED_ITEMS = 1024;

  private AvroContainers() {}

  static final class ListForm extends AvroValue {
    private final AvroValue element;

    ListForm(AvroValue element) {
      super(Schema.createArray(element.nullableSchema()));
      this.element = element;
    }

    @Override
    public void write(ByteSink out, Object value) {
      List<?> list = (List<?>) value;
      if (!list.isEmpty()) {
        out.writeLong(list.size());
        for (Object item : list) {
          element.writeNullable(out, item);
        }
      }
      out.writeByte(0);
    }

    /** The author's may be one that can change. */
    @Override
    public boolean isCanonical(Object value) {
      return false;
    }

    @Override
    public Object read(ByteSource in) {
      int count = in.readBlockCount();
      if (count == 0) {
        return List.of();
      }
      List<Object> items = new ArrayList<>(Math.min(count, MAX_RESERVED_ITEMS));
      for (; count > 0; count = in.readBlockCount()) {
        for (int i = 0; i < count; i++) {
          items.add(element.readNullable(in));
        }
      }
      return Collections.unmodifiableList(items);
    }
  }

  static final class MapForm extends AvroValue {
    private final AvroValue element;

    MapForm(AvroValue element) {
      super(Schema.createMap(element.nullableSchema()));
      this.element = element;
    }

    @Override
    public void write(ByteSink out, Object value) {
      List<Map.Entry<byte[], Object>> entries = sorted((Map<?, ?>) value);
      if (!entries.isEmpty()) {
        out.writeLong(entries.size());
        for (Map.Entry<byte[], Object> entry : entries) {
          out.writeBytes(entry.getKey());
          element.writeNullable(out, entry.getValue());
        }
      }
      out.writeByte(0);
    }

    private static List<Map.Entry<byte[], Object>> sorted(Map<?, ?> map) {
      List<Map.Entry<byte[], Object>> entries = new ArrayList<>(map.size());
      map.forEach(
          (key, value) -> {
            if (key == null) {
              throw new StarfireException(
                  ErrorCode.INVALID_INPUT, "a map in an event must not have a null key");
            }
            entries.add(
                new SimpleImmutableEntry<>(
                    Utf8Order.wellFormed((String) key).getBytes(UTF_8), value));
          });
      entries.sort((left, right) -> Arrays.compareUnsigned(left.getKey(), right.getKey()));
      for (int i = 1; i < entries.size(); i++) {
        if (Arrays.equals(entries.get(i - 1).getKey(), entries.get(i).getKey())) {
          throw new StarfireException(
              ErrorCode.INVALID_INPUT,
              "two keys of a map differ only in characters that are not Unicode, near '%s'"
                  .formatted(new String(entries.get(i).getKey(), UTF_8)));
        }
      }
      return entries;
    }

    /** The author's may be one that can change. */
    @Override
    public boolean isCanonical(Object value) {
      return false;
    }

    @Override
    public Object read(ByteSource in) {
      int count = in.readBlockCount();
      if (count == 0) {
        return Map.of();
      }
      Map<String, Object> entries = new LinkedHashMap<>();
      for (; count > 0; count = in.readBlockCount()) {
        for (int i = 0; i < count; i++) {
          String key = in.readString();
          entries.put(key, element.readNullable(in));
        }
      }
      return Collections.unmodifiableMap(entries);
    }
  }

  /** No form of its own: an empty Optional and null are both Avro's null. */
  static final class OptionalForm extends AvroValue {
    private final AvroValue inner;

    OptionalForm(AvroValue inner) {
      super(inner.schema());
      this.inner = inner;
    }

    @Override
    public void write(ByteSink out, Object value) {
      inner.write(out, ((Optional<?>) value).get());
    }

    @Override
    public boolean isCanonical(Object value) {
      return inner.isCanonical(((Optional<?>) value).get());
    }

    @Override
    public Object read(ByteSource in) {
      return Optional.of(inner.read(in));
    }

    @Override
    Object nullValue() {
      return Optional.empty();
    }

    @Override
    boolean isNull(Object value) {
      return value == null || ((Optional<?>) value).isEmpty();
    }
  }

  static final class EnumForm extends AvroValue {
    private final List<Enum<?>> constants;

    EnumForm(Schema schema, List<Enum<?>> constants) {
      super(schema);
      this.constants = constants;
    }

    @Override
    @SuppressWarnings("EnumOrdinal") // Avro's enums are indexes, and the schema holds the order.
    public void write(ByteSink out, Object value) {
      out.writeLong(((Enum<?>) value).ordinal());
    }

    @Override
    public boolean isCanonical(Object value) {
      return true;
    }

    @Override
    public Object read(ByteSource in) {
      return constants.get(in.readBranch(constants.size()));
    }
  }
}
