package io.starfire.segment.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.starfire.common.StarfireException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** JSON as text: its one form, paths, and what is at them. */
class JsonTextsTest {
  private static final String DOCUMENT =
      "{'a':{'b':1.50,'c':'x\\ny'},'list':[1,'two',null,{'d':true}],'no':null,'sp ace':{'k.e':0},'e':{}}"
          .replace('\'', '"');

  @Test
  void textHasOneForm() {
    assertThat(normal(" { 'b' : [ 1 , 2.50 , 1e3 ] , 'a' : 'ä\\u00e4\\/' } "))
        .isEqualTo("{'b':[1,2.50,1e3],'a':'ää/'}");
    assertThat(normal("{'a':1,'b':2,'a':{'c':3,'c':4}}"))
        .as("the last of one name counts")
        .isEqualTo("{'a':{'c':4},'b':2}");
    assertThat(normal("5")).isEqualTo("5");
    assertThat(normal("null")).isEqualTo("null");
    assertThat(normal("")).isNull();
    assertThat(normal("{'a':}")).isNull();
    assertThat(normal("{} {}")).isNull();
    assertThat(normal("[".repeat(201) + "]".repeat(201))).as("too deep").isNull();
    assertThat(JsonTexts.normal(DOCUMENT)).isEqualTo(DOCUMENT);
  }

  private static String normal(String text) {
    String normal = JsonTexts.normal(text.replace('\'', '"'));
    return normal == null ? null : normal.replace('"', '\'');
  }

  @Test
  void aPathFindsWhatIsThere() {
    assertThat(find("$.a.b")).isEqualTo("NUMBER 1.50");
    assertThat(find("$.a.c")).isEqualTo("TEXT x\ny");
    assertThat(find("$['a']['c']")).isEqualTo("TEXT x\ny");
    assertThat(find("$.a")).isEqualTo("OBJECT {'b':1.50,'c':'x\\ny'}");
    assertThat(find("$.list[1]")).isEqualTo("TEXT two");
    assertThat(find("$.list[3].d")).isEqualTo("BOOLEAN true");
    assertThat(find("$.list")).isEqualTo("ARRAY [1,'two',null,{'d':true}]");
    assertThat(find("$.no")).isEqualTo("NULL null");
    assertThat(find("$['sp ace']['k.e']")).isEqualTo("NUMBER 0");
    assertThat(find("$")).startsWith("OBJECT {'a'");
    assertThat(find("$.x")).isEqualTo("nothing");
    assertThat(find("$.a.b.c")).isEqualTo("nothing");
    assertThat(find("$.list[9]")).isEqualTo("nothing");
    assertThat(find("$.list.a")).isEqualTo("nothing");
    assertThat(find("$.a[0]")).isEqualTo("nothing");
  }

  private static String find(String path) {
    JsonReads.Found found = JsonReads.find(DOCUMENT, JsonPath.parse(path, true));
    return found == null ? "nothing" : found.kind() + " " + found.text().replace('"', '\'');
  }

  @Test
  void keysAndLeavesAreListed() {
    assertThat(JsonReads.keys(DOCUMENT, JsonPath.ROOT))
        .containsExactly("a", "list", "no", "sp ace", "e");
    assertThat(JsonReads.keys(DOCUMENT, JsonPath.parse("$.list", true)))
        .containsExactly("0", "1", "2", "3");
    assertThat(JsonReads.keys(DOCUMENT, JsonPath.parse("$.a.b", true))).isNull();
    assertThat(leaves(true))
        .containsExactly(
            "$.a.b",
            "$.a.c",
            "$.list[0]",
            "$.list[1]",
            "$.list[2]",
            "$.list[3].d",
            "$.no",
            "$['sp ace']['k.e']");
    assertThat(leaves(false)).containsExactly("$.a.b", "$.a.c", "$.no", "$['sp ace']['k.e']");
    assertThat(JsonReads.findAll(DOCUMENT, JsonPath.parse("$.list", true)))
        .extracting(one -> one == null ? null : one.text())
        .containsExactly("1", "two", null, null);
  }

  private static List<String> leaves(boolean intoArrays) {
    List<String> leaves = new ArrayList<>();
    JsonReads.leaves(DOCUMENT, intoArrays, (path, value) -> leaves.add(path.toString()));
    return leaves;
  }

  @Test
  void pathsAreReadInBothFormsAndWrittenInOne() {
    for (String path : List.of("$", "$.a.b", "$.a[0][12].b", "$['a b']['it\\'s']['x\\\\']")) {
      assertThat(JsonPath.parse(path, true)).hasToString(path);
    }
    assertThat(JsonPath.parse("$[\"a\"].\"b c\"", true)).hasToString("$.a['b c']");
    assertThat(JsonPath.parse(".a.\"b c\".[0]", false)).hasToString("$.a['b c'][0]");
    assertThat(JsonPath.parse(".", false)).isEqualTo(JsonPath.ROOT);
    assertThat(JsonPath.parse("$.", true)).isEqualTo(JsonPath.ROOT);
    assertThat(JsonPath.parse("$.a['b']", true)).isEqualTo(JsonPath.ROOT.field("a").field("b"));
    for (String path :
        List.of("", "a", "$a", "$..a", "$.a.", "$[", "$[x]", "$['a", "$['a'", "$[1234567890]")) {
      assertThatThrownBy(() -> JsonPath.parse(path, true))
          .as(path)
          .isInstanceOf(StarfireException.class)
          .hasMessageContaining("the JSON path '" + path + "' is malformed at character");
    }
    assertThatThrownBy(() -> JsonPath.parse("$" + ".a".repeat(101), true))
        .hasMessageContaining("it has more than 100 steps");
  }
}
