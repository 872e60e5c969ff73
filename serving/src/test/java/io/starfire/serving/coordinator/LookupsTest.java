package io.starfire.serving.coordinator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import io.starfire.protocol.cluster.RegisteredLookup;
import io.starfire.serving.metadata.MetadataLocation;
import io.starfire.serving.metadata.MetadataStore;
import io.starfire.serving.metadata.StoreKind;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

@ParameterizedClass
@EnumSource(StoreKind.class)
class LookupsTest {
  @Parameter StoreKind kind;
  @TempDir Path directory;

  @Test
  void aLookupIsThereAfterARestartAndGivesWayOnlyToAHigherVersion() {
    MetadataLocation location = kind.location(directory);
    RegisteredLookup first = lookup("names", "v1", "a");
    try (MetadataStore store = MetadataStore.open(location)) {
      Lookups lookups = new Lookups(store);
      long before = lookups.lookups().number();
      lookups.put(List.of(first, lookup("cities", null, "x")));
      assertThat(lookups.lookups().number()).isGreaterThan(before);
      lookups.put(List.of(first));
      assertThatThrownBy(
              () -> lookups.put(List.of(lookup("towns", "v1", "y"), lookup("names", "v1", "b"))))
          .isInstanceOfSatisfying(
              StarfireException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CONFLICT))
          .hasMessageContaining("lookup 'names' has version 'v1' already");
      assertThat(lookups.find("towns")).isEmpty();
      lookups.put(List.of(lookup("names", "v2", "b")));
    }
    try (MetadataStore store = MetadataStore.open(location)) {
      Lookups lookups = new Lookups(store);
      assertThat(lookups.lookups().lookups())
          .containsExactly(lookup("cities", null, "x"), lookup("names", "v2", "b"));
      assertThat(lookups.remove(List.of("cities"))).isTrue();
      assertThat(lookups.remove(List.of("cities"))).isFalse();
    }
    try (MetadataStore store = MetadataStore.open(location)) {
      assertThat(new Lookups(store).find("cities")).isEmpty();
    }
  }

  private static RegisteredLookup lookup(String name, String version, String value) {
    return new RegisteredLookup(name, version, Map.of("k", value, "ä", "ö"), true);
  }
}
