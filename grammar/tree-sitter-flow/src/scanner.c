// The one token that the grammar cannot tell: a newline that ends a statement.
//
// Where a line begins with `else`, `and`, `or` or `{`, it goes on with the statement above; comments and empty lines between
// mean nothing. Where the grammar has no use for a newline, within brackets and behind an operator, an arrow or a comma, it does
// not ask, and the newline is a blank. The scanner keeps no state.

#include "tree_sitter/parser.h"

enum { NEWLINE };

static bool is_blank(int32_t c) { return c == ' ' || c == '\t' || c == 0xfeff || c == 0xa0; }

static bool continues_word(int32_t c) {
  return c == '_' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c >= 0x80;
}

// Whether the word here is one that goes on with the statement above.
static bool goes_on(TSLexer *lexer) {
  static const char *const WORDS[] = {"else", "and", "or"};
  char word[5] = "";
  unsigned length = 0;
  while (continues_word(lexer->lookahead)) {
    if (length == 4 || lexer->lookahead >= 0x80) return false;
    word[length++] = (char)lexer->lookahead;
    lexer->advance(lexer, false);
  }
  for (unsigned nth = 0; nth < 3; nth++) {
    const char *known = WORDS[nth];
    unsigned at = 0;
    while (known[at] != 0 && known[at] == word[at]) at++;
    if (known[at] == 0 && at == length) return true;
  }
  return false;
}

bool tree_sitter_flow_external_scanner_scan(void *payload, TSLexer *lexer, const bool *valid_symbols) {
  (void)payload;
  if (!valid_symbols[NEWLINE]) return false;
  while (is_blank(lexer->lookahead)) lexer->advance(lexer, true);
  if (lexer->lookahead == '\r') lexer->advance(lexer, true);
  if (lexer->lookahead != '\n') return false;
  lexer->advance(lexer, false);
  lexer->mark_end(lexer);
  lexer->result_symbol = NEWLINE;
  for (;;) {
    int32_t c = lexer->lookahead;
    if (is_blank(c) || c == '\r' || c == '\n') {
      lexer->advance(lexer, false);
    } else if (c == '/') {
      lexer->advance(lexer, false);
      if (lexer->lookahead != '/') return true;
      while (!lexer->eof(lexer) && lexer->lookahead != '\n') lexer->advance(lexer, false);
    } else {
      return c != '{' && !goes_on(lexer);
    }
  }
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
