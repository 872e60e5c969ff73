package io.starfire.serving.http;

import static io.starfire.serving.ScriptedSql.bigint;
import static io.starfire.serving.ScriptedSql.other;
import static io.starfire.serving.ScriptedSql.varchar;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.starfire.common.ErrorCode;
import io.starfire.common.StarfireException;
import io.starfire.serving.ScriptedSql;
import io.starfire.serving.sql.SqlColumn;
import io.starfire.serving.sql.SqlException;
import io.starfire.serving.sql.SqlParameter;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.sql.Types;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** How answers and errors of SQL are written over HTTP. What a statement answers is scripted. */
class SqlRoutesTest {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final int MANY = 300_000;
  private static final List<SqlColumn> ALL =
      List.of(
          varchar("s"),
          bigint("n"),
          other("d", "DOUBLE", Types.DOUBLE, "DOUBLE"),
          other("t", "TIMESTAMP", Types.TIMESTAMP, "LONG"),
          other("b", "BOOLEAN", Types.BOOLEAN, "LONG"),
          other("a", "ARRAY", Types.ARRAY, "ARRAY<LONG>"),
          other("k", "OTHER", Types.OTHER, "COMPLEX<HLLSketch>"));
  private static final Object[] ROW = {
    "a\"b,c\n\\",
    9007199254740993L,
    1.5,
    1_442_018_818_771L,
    true,
    List.of(1L, 2L),
    new byte[] {1, 2}
  };
  private static final Object[] NULLS = new Object[7];

  private static final ScriptedSql SQL =
      new ScriptedSql()
          .answer("all", ALL, ROW, NULLS)
          .answer("none", List.of(varchar("s"), bigint("n")))
          .answer("one", List.of(bigint("EXPR$0")), new Object[] {1L})
          .answer(
              "many",
              List.of(bigint("n"), varchar("s")),
              List.of(),
              MANY,
              at -> new Object[] {(long) at, "row " + at})
          .answer(
              "breaks",
              List.of(bigint("n")),
              List.of(),
              MANY,
              at -> {
                if (at == MANY - 1) {
                  throw new StarfireException(ErrorCode.CORRUPT, "segment x is damaged");
                }
                return new Object[] {(long) at};
              })
          .answer(
              "fails",
              List.of(bigint("n")),
              List.of(),
              1,
              at -> {
                throw new StarfireException(ErrorCode.TIMEOUT, "it took longer than 1 ms");
              })
          .answer(
              "cancelled",
              List.of(bigint("n")),
              List.of(),
              1,
              at -> {
                throw new StarfireException(ErrorCode.CANCELED, "it was cancelled");
              })
          .answer(
              "wrong",
              List.of(bigint("n")),
              List.of(),
              1,
              at -> {
                throw new SqlException(
                    ErrorCode.INVALID_INPUT,
                    "Column 'nosuch' not found in any table (line [1], column [8])",
                    1,
                    8,
                    1,
                    13,
                    null);
              });
  private static final HttpClient CLIENT = HttpClient.newHttpClient();
  private static HttpServer server;

  @BeforeAll
  static void start() {
    server =
        HttpServer.start("127.0.0.1", 0, List.of(new SqlRoutes(SQL, "running"::equals, 1_000_000)));
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static HttpRequest.Builder request(String body) {
    return HttpRequest.newBuilder(
            URI.create("http://127.0.0.1:" + server.port() + "/druid/v2/sql/"))
        .POST(BodyPublishers.ofString(body));
  }

  private static HttpResponse<String> send(HttpRequest.Builder request) {
    try {
      return CLIENT.send(request.build(), BodyHandlers.ofString());
    } catch (IOException e) {
      throw new AssertionError(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  private static HttpResponse<String> post(String body) {
    return send(request(body.replace('\'', '"')));
  }

  private static String answer(String body) {
    HttpResponse<String> response = post(body);
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    assertThat(response.headers().firstValue("Content-Type")).contains("application/json");
    assertThat(response.headers().firstValue("X-Druid-Response-Context")).contains("{}");
    return response.body();
  }

  private static JsonNode error(HttpResponse<String> response, int status) throws IOException {
    assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
    return JSON.readTree(response.body());
  }

  private static String quoted(String json) {
    return json.replace('\'', '"');
  }

  @Test
  void eachFormatHasDruidsValuesAndLineEnds() {
    String text = "'a\\'b,c\\n\\u005C'".replace("\\'b", "\\\"b");
    String values = text + ",9007199254740993,1.5,'2015-09-12T00:46:58.771Z',true,'[1,2]'";
    String sketch = "'\\u005C\"AQI=\\u005C\"'".replace("\\u005C\"", "\\\"");
    assertThat(answer("{'query':'all','resultFormat':'array'}"))
        .isEqualTo(
            quoted("[[" + values + "," + sketch + "],[null,null,null,null,null,null,null]]\n"));
    assertThat(answer("{'query':'all','resultFormat':'arrayLines'}"))
        .isEqualTo(
            quoted("[" + values + "," + sketch + "]\n[null,null,null,null,null,null,null]\n\n"));
    assertThat(answer("{'query':'one'}")).isEqualTo("[{\"EXPR$0\":1}]\n");
    assertThat(answer("{'query':'one','resultFormat':'objectLines'}"))
        .isEqualTo("{\"EXPR$0\":1}\n\n");
    assertThat(answer("{'query':'all','resultFormat':'csv'}"))
        .isEqualTo(
            "\"a\"\"b,c\n\\\",9007199254740993,1.5,2015-09-12T00:46:58.771Z,true,\"[1,2]\","
                + "\"\"\"AQI=\"\"\"\n,,,,,,\n\n");
    assertThat(answer("{'query':'none'}")).isEqualTo("[]\n");
    assertThat(answer("{'query':'none','resultFormat':'csv'}")).isEqualTo("\n");
  }

  @Test
  void headersComeFirstAlsoOfAnEmptyAnswer() {
    assertThat(answer("{'query':'none','header':true}")).isEqualTo("[{\"s\":null,\"n\":null}]\n");
    assertThat(answer("{'query':'none','header':true,'resultFormat':'array'}"))
        .isEqualTo("[[\"s\",\"n\"]]\n");
    assertThat(
            answer(
                "{'query':'none','header':true,'typesHeader':true,'sqlTypesHeader':true,'resultFormat':'CSV'}"))
        .isEqualTo("s,n\nSTRING,LONG\nVARCHAR,BIGINT\n\n");
    assertThat(
            answer(
                "{'query':'one','header':true,'typesHeader':true,'sqlTypesHeader':true,'resultFormat':'objectLines'}"))
        .isEqualTo("{\"EXPR$0\":{\"type\":\"LONG\",\"sqlType\":\"BIGINT\"}}\n{\"EXPR$0\":1}\n\n");
    assertThat(
            post("{'query':'one','header':true}")
                .headers()
                .firstValue("X-Druid-SQL-Header-Included"))
        .contains("yes");
    assertThat(post("{'query':'one'}").headers().firstValue("X-Druid-SQL-Header-Included"))
        .isEmpty();
  }

  @Test
  void arraysAndZonesAreAsTheContextSays() throws IOException {
    JsonNode row =
        JSON.readTree(
                answer(
                    "{'query':'all','context':{'sqlStringifyArrays':false,'sqlTimeZone':'America/Los_Angeles'}}"))
            .path(0);
    assertThat(row.path("a").isArray()).isTrue();
    assertThat(row.path("t").asText()).isEqualTo("2015-09-11T17:46:58.771-07:00");
    assertThat(post("{'query':'all','context':{'sqlStringifyArrays':3}}").statusCode())
        .isEqualTo(400);
  }

  @Test
  void theClientsIdIsTheIdOfTheStatementAndOfItsErrors() {
    HttpResponse<String> one = post("{'query':'one','context':{'sqlQueryId':'my-1'}}");
    assertThat(one.headers().firstValue("X-Druid-SQL-Query-Id")).contains("my-1");
    assertThat(one.headers().firstValue("X-Druid-Query-Id")).contains("my-1");
    assertThat(SQL.asked().get(SQL.asked().size() - 1).sqlQueryId()).isEqualTo("my-1");
    assertThat(
            post("{'query':'fails','context':{'sqlQueryId':'my-2'}}")
                .headers()
                .firstValue("X-Druid-SQL-Query-Id"))
        .contains("my-2");
    assertThat(post("{'query':'one','context':{'sqlQueryId':7}}").statusCode()).isEqualTo(400);
  }

  @Test
  void aBodyOfTextIsTheStatement() {
    assertThat(send(request("one").header("Content-Type", "text/plain; charset=utf-8")).body())
        .isEqualTo("[{\"EXPR$0\":1}]\n");
    HttpResponse<String> form =
        send(
            request("{\"query\":\"one\"}")
                .header("Content-Type", "application/x-www-form-urlencoded"));
    assertThat(form.body()).isEqualTo("[{\"EXPR$0\":1}]\n");
  }

  @Test
  void parametersKeepTheirTypesAndAllDigits() {
    answer(
        "{'query':'one','parameters':[{'type':'BIGINT','value':9007199254740993},{'type':'VARCHAR','value':null}]}");
    List<List<SqlParameter>> given = SQL.given();
    assertThat(given.get(given.size() - 1))
        .containsExactly(
            new SqlParameter("BIGINT", 9007199254740993L), new SqlParameter("VARCHAR", null));
  }

  @Test
  void whatCannotBeReadIsABadRequestWithASentence() throws IOException {
    Map<String, String> sentences =
        Map.of(
            "{'query':", "not JSON",
            "[1]", "not a JSON object",
            "{'context':{}}", "lacks the field query",
            "{'query':3}", "must be a text",
            "{'query':'one','resultFormat':'xml'}", "object, array, objectLines, arrayLines, csv",
            "{'query':'one','typesHeader':true}", "must come with header",
            "{'query':'one','header':3}", "true or false",
            "{'query':'one','parameters':{}}", "must be a list",
            "{'query':'one','parameters':[{'type':'VARCHAR'}]}", "parameters[0]",
            "{'query':'one','context':[]}", "must be an object");
    for (Map.Entry<String, String> sentence : sentences.entrySet()) {
      JsonNode error = error(post(sentence.getKey()), 400);
      assertThat(error.path("errorMessage").asText()).contains(sentence.getValue());
      assertThat(error.path("category").asText()).isEqualTo("INVALID_INPUT");
    }
    assertThat(answer("{'query':'one','nosuchfield':1}")).isEqualTo("[{\"EXPR$0\":1}]\n");
    assertThat(post("{'query':'" + "x".repeat(1_000_001) + "'}").statusCode()).isEqualTo(413);
  }

  @Test
  void errorsOfStatementsHaveDruidsFields() throws IOException {
    JsonNode wrong = error(post("{'query':'wrong'}"), 400);
    assertThat(wrong.path("error").asText()).isEqualTo("druidException");
    assertThat(wrong.path("errorCode").asText()).isEqualTo("invalidInput");
    assertThat(wrong.path("persona").asText()).isEqualTo("USER");
    assertThat(wrong.path("context").path("sourceType").asText()).isEqualTo("sql");
    assertThat(wrong.path("context").path("column").asText()).isEqualTo("8");
    assertThat(wrong.path("context").path("endColumn").asText()).isEqualTo("13");
    JsonNode late = error(post("{'query':'fails'}"), 504);
    assertThat(late.path("error").asText()).isEqualTo("Query timeout");
    assertThat(late.path("category").asText()).isEqualTo("TIMEOUT");
    JsonNode cancelled = error(post("{'query':'cancelled'}"), 500);
    assertThat(cancelled.path("category").asText()).isEqualTo("CANCELED");
    assertThat(SQL.open()).isZero();
  }

  @Test
  void aStatementIsCancelledByItsId() {
    String url = "http://127.0.0.1:" + server.port() + "/druid/v2/sql/";
    assertThat(send(HttpRequest.newBuilder(URI.create(url + "running")).DELETE()).statusCode())
        .isEqualTo(202);
    assertThat(send(HttpRequest.newBuilder(URI.create(url + "other")).DELETE()).statusCode())
        .isEqualTo(404);
    assertThat(send(HttpRequest.newBuilder(URI.create(url)).GET()).statusCode()).isEqualTo(405);
  }

  @Test
  void manyRowsAreSentWhileTheyAreReadAndZipped() throws Exception {
    HttpResponse<InputStream> response =
        CLIENT.send(
            request("{\"query\":\"many\",\"resultFormat\":\"csv\"}")
                .header("Accept-Encoding", "gzip")
                .build(),
            BodyHandlers.ofInputStream());
    assertThat(response.headers().firstValue("Content-Encoding")).contains("gzip");
    assertThat(response.headers().firstValue("Content-Length")).isEmpty();
    try (InputStream body = new GZIPInputStream(response.body())) {
      String text = new String(body.readAllBytes(), StandardCharsets.UTF_8);
      assertThat(text).startsWith("0,row 0\n").endsWith((MANY - 1) + ",row " + (MANY - 1) + "\n\n");
      assertThat(Arrays.stream(text.split("\n")).count()).isEqualTo(MANY);
    }
    assertThat(SQL.open()).isZero();
  }

  @Test
  void anAnswerThatFailsInItsMiddleIsNotTakenForAWholeOne() {
    assertThatThrownBy(
            () -> CLIENT.send(request("{\"query\":\"breaks\"}").build(), BodyHandlers.ofString()))
        .isInstanceOf(IOException.class);
    assertThat(SQL.open()).isZero();
  }
}
