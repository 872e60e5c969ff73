package io.starfire.event;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import io.starfire.config.StarfireConfig;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LookupTableTest {
  record Airport(String name, double latitude) {}

  /** Line 3 is blank, and the row of 00R has two lines. */
  private static final String AIRPORTS =
      """
      iata,name,latitude
      00M,Thigpen,31.95

      00R,"Livingston, \""Municipal\""
      of Texas",30.68
      01G,,42.74
      """;

  @Test
  void rowsAreFoundByTheirKey() {
    LookupTable<String, Airport> table = load(AIRPORTS, String.class, "iata");
    assertThat(table.size()).isEqualTo(3);
    assertThat(table.get("00M")).contains(new Airport("Thigpen", 31.95));
    assertThat(table.get("00R"))
        .contains(new Airport("Livingston, \"Municipal\"\nof Texas", 30.68));
    assertThat(table.get("01G")).contains(new Airport(null, 42.74));
    assertThat(table.get("00m")).isEmpty();
  }

  @Test
  void theKeyMayBeAComponentAndOfAnotherType() {
    LookupTable<String, Airport> byName =
        load(AIRPORTS.replace("01G,,", "01G,x,"), String.class, "name");
    assertThat(byName.get("Thigpen")).contains(new Airport("Thigpen", 31.95));
    LookupTable<Long, Airport> byNumber = load("id,name,latitude\n7,a,1\n", Long.class, null);
    assertThat(byNumber.get(7L)).contains(new Airport("a", 1));
    LookupTable<BigDecimal, Airport> byDecimal =
        load("id,name,latitude\n1.50,a,1", BigDecimal.class, null);
    assertThat(byDecimal.get(new BigDecimal("1.5"))).contains(new Airport("a", 1));
  }

  @Test
  void theVersionIsThatOfTheContent() {
    assertThat(load(AIRPORTS, String.class, null).version())
        .isEqualTo(load(AIRPORTS, String.class, "iata").version())
        .isNotEqualTo(load(AIRPORTS.replace("31.95", "31.96"), String.class, null).version())
        .matches("[0-9a-f]{32}");
  }

  @Test
  void whatDoesNotFitIsRefusedWithLineAndColumn() {
    refused("", "lookup 'airports', line 1: the file is empty; it must begin with a header");
    refused(
        "iata,name\n",
        "lookup 'airports', line 1: column 'latitude', a component of Airport, is not in the header"
            + " [iata, name]");
    refused("iata,name,iata,latitude\n", "line 1: the header has column 'iata' twice");
    refused(
        "code,name,latitude\n",
        "line 1: key column 'iata' is not in the header [code, name, latitude]");
    refused(AIRPORTS + "02A,b\n", "line 7: 2 fields were found where the header has 3");
    refused(
        AIRPORTS + "02A,b,north\n",
        "line 7: component 'latitude': a double is expected, got text 'north'");
    refused(
        AIRPORTS + "02A,b,\n", "line 7: component 'latitude': it is null, and it needs a value");
    refused(AIRPORTS + ",b,1\n", "line 7: the key in column 'iata' is empty");
    refused(AIRPORTS + "00R,b,1\n", "lookup 'airports', line 7: key '00R' is in line 4 already");
    refused(AIRPORTS + "02A,\"b,1\n", "line 7: field 2 has no closing quote");
    assertThatThrownBy(
            () ->
                LookupTable.loadCsv(
                    "a", new byte[] {(byte) 0xff}, String.class, Airport.class, null))
        .hasMessage("lookup 'a', line 1: the text is not UTF-8");
    assertThatThrownBy(() -> load(AIRPORTS, Long.class, "iata"))
        .hasMessage(
            "lookup 'airports', line 2: component 'iata': a long is expected, got text '00M'");
    assertThatThrownBy(() -> load(AIRPORTS, Double.class, "iata"))
        .hasMessageContaining("a key must not be a java.lang.Double");
    assertThatThrownBy(() -> load(AIRPORTS, List.class, "iata"))
        .hasMessageContaining("a key must be a String, Integer,");
  }

  @Test
  void settingsSayWhichFile(@TempDir Path directory) throws IOException {
    Path file = Files.writeString(directory.resolve("airports.csv"), AIRPORTS, UTF_8);
    StarfireConfig config =
        StarfireConfig.fromMap(
            Map.of(
                "starfire.lookups.airports.file",
                file.toString(),
                "starfire.lookups.airports.key-column",
                "iata",
                "starfire.lookups.gone.file",
                file + "x"));
    LookupSettings settings = LookupSettings.from(config, "airports");
    assertThat(settings).isEqualTo(new LookupSettings("airports", file.toString(), "iata"));
    assertThat(settings.readLocalFile()).isEqualTo(AIRPORTS.getBytes(UTF_8));
    assertThatThrownBy(() -> LookupSettings.from(config, "planes"))
        .hasMessage(
            "lookup 'planes' is not configured; add starfire.lookups.planes { file = ... }"
                + " (configured: [airports, gone])");
    assertThatThrownBy(() -> LookupSettings.from(config, "gone").readLocalFile())
        .hasMessage(
            "lookup 'gone': file %sx cannot be read (no such file); set starfire.lookups.gone.file"
                .formatted(file))
        .extracting(e -> ((StarfireException) e).code())
        .isEqualTo(ErrorCode.NOT_FOUND);
  }

  private static <K> LookupTable<K, Airport> load(String text, Class<K> keyType, String keyColumn) {
    return LookupTable.loadCsv("airports", text.getBytes(UTF_8), keyType, Airport.class, keyColumn);
  }

  private static void refused(String text, String message) {
    assertThatThrownBy(() -> load(text, String.class, "iata"))
        .isInstanceOf(StarfireException.class)
        .hasMessageContaining(message)
        .extracting(e -> ((StarfireException) e).code())
        .isEqualTo(ErrorCode.INVALID_INPUT);
  }
}
