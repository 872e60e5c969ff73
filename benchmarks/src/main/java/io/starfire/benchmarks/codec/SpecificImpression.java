package io.starfire.benchmarks.codec;

import io.starfire.jobs.ads.Impression;
import java.time.Instant;
import org.apache.avro.Schema;
import org.apache.avro.data.TimeConversions;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificRecordBase;

/**
 * An impression as Avro's compiler would generate it, with strings as {@code String} and the time
 * as {@code Instant}, without builder and accessors. Not thread-safe.
 */
public final class SpecificImpression extends SpecificRecordBase {
  private static final long serialVersionUID = 1;
  private static final String TEXT =
      "[\"null\",{\"type\":\"string\",\"avro.java.string\":\"String\"}]";

  static final Schema SCHEMA =
      new Schema.Parser()
          .parse(
              """
              {"type": "record", "name": "SpecificImpression", "namespace": "%s", "fields": [
                {"name": "impressionId", "type": %s},
                {"name": "servedAt", "type": ["null", {"type": "long", "logicalType": "timestamp-millis"}]},
                {"name": "advertiserId", "type": %s},
                {"name": "publisher", "type": %s},
                {"name": "city", "type": %s},
                {"name": "price", "type": "double"}]}
              """
                  .formatted(SpecificImpression.class.getPackageName(), TEXT, TEXT, TEXT, TEXT));

  static final SpecificData MODEL = new SpecificData();

  static {
    MODEL.addLogicalTypeConversion(new TimeConversions.TimestampMillisConversion());
  }

  private String impressionId;
  private Instant servedAt;
  private String advertiserId;
  private String publisher;
  private String city;
  private double price;

  /** For Avro's reader. */
  public SpecificImpression() {}

  static SpecificImpression of(Impression impression) {
    SpecificImpression record = new SpecificImpression();
    record.impressionId = impression.impressionId();
    record.servedAt = impression.servedAt();
    record.advertiserId = impression.advertiserId();
    record.publisher = impression.publisher();
    record.city = impression.city();
    record.price = impression.price();
    return record;
  }

  @Override
  public SpecificData getSpecificData() {
    return MODEL;
  }

  @Override
  public Schema getSchema() {
    return SCHEMA;
  }

  @Override
  public Object get(int field) {
    return switch (field) {
      case 0 -> impressionId;
      case 1 -> servedAt;
      case 2 -> advertiserId;
      case 3 -> publisher;
      case 4 -> city;
      case 5 -> price;
      default -> throw new IndexOutOfBoundsException("no field " + field);
    };
  }

  @Override
  public void put(int field, Object value) {
    switch (field) {
      case 0 -> impressionId = text(value);
      case 1 -> servedAt = (Instant) value;
      case 2 -> advertiserId = text(value);
      case 3 -> publisher = text(value);
      case 4 -> city = text(value);
      case 5 -> price = (Double) value;
      default -> throw new IndexOutOfBoundsException("no field " + field);
    }
  }

  private static String text(Object value) {
    return value == null ? null : value.toString();
  }
}
