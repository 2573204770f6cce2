# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
#       format_version: '1.3'
#       jupytext_version: 1.19.6
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown] nbgrader={"schema_version": 3, "locked": true, "grade": false, "solution": false, "task": false, "grade_id": "a"}
# # Statistics

# %%
import numpy as np
data = np.array([3.0, 1.0, 4.0, 1.0, 5.0])

# %% [markdown] nbgrader={"schema_version": 3, "locked": true, "grade": false, "solution": false, "task": false, "grade_id": "b"}
# ## Centre
#
# Store the mean in `centre`.

# %% nbgrader={"schema_version": 3, "locked": false, "grade": false, "solution": true, "task": false, "grade_id": "centre"}
# YOUR CODE HERE
### BEGIN SOLUTION
centre = data.mean()
### END SOLUTION

# %% nbgrader={"schema_version": 3, "locked": true, "grade": true, "solution": false, "task": false, "grade_id": "test_centre", "points": 1}
assert np.isclose(centre, 2.8)
assert centre > 0

# %% [markdown] nbgrader={"schema_version": 3, "locked": true, "grade": false, "solution": false, "task": false, "grade_id": "c"}
# ## Spread
#
# Store the standard deviation in `spread`.

# %% nbgrader={"schema_version": 3, "locked": false, "grade": false, "solution": true, "task": false, "grade_id": "spread"}
### BEGIN SOLUTION
shifted = data - centre
spread = np.sqrt((shifted ** 2).mean())
### END SOLUTION

# %% nbgrader={"schema_version": 3, "locked": true, "grade": true, "solution": false, "task": false, "grade_id": "test_spread", "points": "0.5"}
assert abs(spread - 1.6) < 1e-9
### BEGIN HIDDEN TESTS
assert np.allclose(spread * np.array([1.0, 3.0, 7.0]), [1.6, 4.8, 11.2])
### END HIDDEN TESTS
