"""Certificates of our own drawing, with the truth known: for tests and for the benchmark.

    truth = made_up(7, "usual")                         values.py: clean, usual or hard
    style = official_style(7) or own_style(7)           styles.py: fonts, marks, a maker's own print
    data = draw(truth, "2016/03", "scan300", style)     makes.py: MAKES, editions.py: EDITIONS
    expected_on(truth, "2016/03")                       editions.py: the flat values to be read
    unclear_on(truth, "2016/03"), truth.arguable        where "unclear" is right; what not to score
    made_up_packet(3).document                          packets.py: letter, certificate, endorsements
    corpus(KINDS["fax"], count=40)                      corpus.py: what the benchmark measures
    pdf_of_pages([cover_letter(truth.sheet), ...])      pages.py, free_form.py: everything else

The drawing itself lives in demo/, which draws the bundled certificates with it.
"""
