// What the grammar cannot tell: where lines end.
//
// _newline   a newline that ends a statement. Where the next line begins with `else`, `and`, `or` or `{`, it goes on with the
//            statement; comments and empty lines between mean nothing. Where the grammar has no use for a newline, within
//            brackets and behind an operator, an arrow or a comma, it does not ask, and the newline is a blank.
// _line_end  the end of a line in a text or a hole that nobody closed: both end there, as in the compiler.
// _unclosed  the place before a line at the left edge that begins a step or a test, or the end of the file, where a block is
//            still open: it ends there. No line of a block looks like that.
//
// The scanner keeps no state.

#include "tree_sitter/parser.h"

enum { NEWLINE, LINE_END, UNCLOSED, ERROR_SENTINEL };

// How many comments are looked past for a line that goes on. Each of them asks again, so that without a bound many would take
// long; nobody writes so many before an `else`.
enum { MOST_COMMENTS = 100 };

static bool is_blank(int32_t c) { return c == ' ' || c == '\t' || c == '\r' || c == 0xfeff || c == 0xa0; }

static bool continues_word(int32_t c) {
  return c == '_' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c >= 0x80;
}

static bool is_word(const char *word, const char *known) {
  while (*known != 0 && *known == *word) known++, word++;
  return *known == 0 && *word == 0;
}

static void skip_line(TSLexer *lexer) {
  while (!lexer->eof(lexer) && lexer->lookahead != '\n') lexer->advance(lexer, false);
}

// Whether the line here ends with a brace that opens a block; it is read up to its end, or to a comment.
static bool opens_block(TSLexer *lexer) {
  int32_t last = 0;
  while (!lexer->eof(lexer) && lexer->lookahead != '\n') {
    int32_t c = lexer->lookahead;
    lexer->advance(lexer, false);
    if (last == '{' && c == '/') break;
    if (!is_blank(c)) last = c;
  }
  return last == '{';
}

// Goes to the next line that has more than a comment on it; the column where it begins.
static unsigned to_next_line(TSLexer *lexer) {
  unsigned column = 0;
  for (;;) {
    int32_t c = lexer->lookahead;
    if (c == '\n') {
      column = 0;
    } else if (is_blank(c)) {
      column++;
    } else {
      return column;
    }
    lexer->advance(lexer, false);
  }
}

static bool newline(TSLexer *lexer, bool ends_statement, bool ends_block) {
  // What may be the end of a block is empty, so that the blocks around it see the newline too.
  if (ends_block) lexer->mark_end(lexer);
  lexer->advance(lexer, false);
  if (!ends_block) lexer->mark_end(lexer);
  unsigned column = to_next_line(lexer);
  // Behind a comment it is asked again whether the block ends.
  if (!ends_statement && lexer->lookahead == '/') return false;
  for (unsigned comments = 0; lexer->lookahead == '/' && comments < MOST_COMMENTS; comments++) {
    ends_block = false;
    lexer->advance(lexer, false);
    if (lexer->lookahead != '/') break;
    skip_line(lexer);
    column = to_next_line(lexer);
  }
  char word[8] = "";
  unsigned length = 0;
  bool brace = lexer->lookahead == '{';
  while (continues_word(lexer->lookahead)) {
    if (length < 7) word[length] = (char)(lexer->lookahead < 0x80 ? lexer->lookahead : '?');
    length++;
    lexer->advance(lexer, false);
  }
  if (length > 7) word[0] = 0;
  bool left = ends_block && column == 0 && (is_word(word, "step") || is_word(word, "test"));
  if ((ends_block && lexer->eof(lexer) && length == 0) || (left && opens_block(lexer))) {
    lexer->result_symbol = UNCLOSED;
    return true;
  }
  lexer->result_symbol = NEWLINE;
  return ends_statement && !brace && !is_word(word, "else") && !is_word(word, "and") && !is_word(word, "or");
}

bool tree_sitter_flow_external_scanner_scan(void *payload, TSLexer *lexer, const bool *valid_symbols) {
  (void)payload;
  bool recovers = valid_symbols[ERROR_SENTINEL];
  bool ends_statement = valid_symbols[NEWLINE];
  bool ends_block = valid_symbols[UNCLOSED] && !recovers;
  bool ends_text = valid_symbols[LINE_END] && !recovers;
  if (!ends_statement && !ends_block && !ends_text) return false;
  // In a text blanks are words of it.
  while (is_blank(lexer->lookahead)) lexer->advance(lexer, true);
  if (ends_text && (lexer->lookahead == '\n' || lexer->eof(lexer))) {
    lexer->mark_end(lexer);
    lexer->result_symbol = LINE_END;
    return true;
  }
  if (ends_block && lexer->eof(lexer)) {
    lexer->mark_end(lexer);
    lexer->result_symbol = UNCLOSED;
    return true;
  }
  if (ends_text || lexer->lookahead != '\n') return false;
  return newline(lexer, ends_statement, ends_block);
}

void *tree_sitter_flow_external_scanner_create(void) { return NULL; }

void tree_sitter_flow_external_scanner_destroy(void *payload) { (void)payload; }

unsigned tree_sitter_flow_external_scanner_serialize(void *payload, char *buffer) {
  (void)payload;
  (void)buffer;
  return 0;
}

void tree_sitter_flow_external_scanner_deserialize(void *payload, const char *buffer, unsigned length) {
  (void)payload;
  (void)buffer;
  (void)length;
}
